// Learns who earns more than 50,000 dollars a year from build/train.csv, and writes build/model.
import { mkdirSync, writeFileSync } from 'node:fs';
import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { featureNames, featuresOf, leftOut, levelsOf, numbers } from './features.ts';
import { earnsMore, readPeople } from './people.ts';
import { fit } from './regression.ts';

const people = readPeople('build/train.csv');
const levels = levelsOf(people);
const features = featureNames(levels);
const rows = people.map((person) => featuresOf(person, levels));

// Numbers are standardised, zeros and ones stay as they are.
const average = (at: number, value: (cell: number) => number): number =>
  rows.reduce((sum, row) => sum + value(row[at]!), 0) / rows.length;
const mean = features.map((_, at) => (at < numbers.length ? average(at, (cell) => cell) : 0));
const scale = features.map((_, at) =>
  at < numbers.length ? Math.sqrt(average(at, (cell) => (cell - mean[at]!) ** 2)) : 1,
);

const fitted = fit(
  rows.map((row) => Float64Array.from(row, (cell, at) => (cell - mean[at]!) / scale[at]!)),
  people.map((person) => (earnsMore(person) ? 1 : 0)),
);

// The graph takes the features as they stand in the table: how they are standardised is part of the model.
const width = features.length;
const graph = graphOf({
  name: 'census',
  inputs: [tensorValue('features', 'FLOAT', ['N', width])],
  outputs: [tensorValue('probability', 'FLOAT', ['N', 1])],
  initializers: [
    tensor('mean', [width], Float32Array.from(mean)),
    tensor('scale', [width], Float32Array.from(scale)),
    tensor('weights', [width, 1], Float32Array.from(fitted.weights)),
    tensor('bias', [1], Float32Array.of(fitted.bias)),
  ],
  nodes: [
    node('Sub', ['features', 'mean'], ['centred']),
    node('Div', ['centred', 'scale'], ['standardised']),
    node('Gemm', ['standardised', 'weights', 'bias'], ['logit']),
    node('Sigmoid', ['logit'], ['probability']),
  ],
});

mkdirSync('build/model', { recursive: true });
writeFileSync(
  'build/model/model.onnx',
  writeModel(modelOf({ graph, opsets: { '': 17 }, producerName: 'holdfast-example-census' })),
);
const card = {
  name: 'census',
  task: 'the probability that an adult of the 1994 US census earns more than 50,000 dollars a year',
  use: 'an example: 1994 is long ago, and the answer must not decide about anybody',
  features,
  levels,
  leftOut,
  training: { rows: people.length, steps: fitted.steps, loss: fitted.loss },
};
writeFileSync('build/model/card.json', `${JSON.stringify(card, null, 2)}\n`);
console.log(`${width} features of ${people.length} people, ${fitted.steps} steps, loss ${fitted.loss.toFixed(4)}`);
