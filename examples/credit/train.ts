// Logistic regression by gradient descent over all rows at once, written as build/model/model.onnx.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { graphOf, modelOf, node, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { features, featuresOf, readTable } from './table.ts';

const epochs = 300;
const learningRate = 1;
const penalty = 1e-4;

const { mean, scale } = JSON.parse(readFileSync('build/standardisation.json', 'utf8')) as {
  mean: number[];
  scale: number[];
};
const rows = readTable('build/train.csv');
const inputs = rows.map((row) => featuresOf(row).map((value, at) => (value - mean[at]!) / scale[at]!));
const targets = rows.map((row) => Number(row.repaid));

const weights = features.map(() => 0);
let bias = 0;
let loss = 0;
for (let epoch = 0; epoch < epochs; epoch++) {
  const gradient = features.map((_, at) => penalty * weights[at]!);
  let biasGradient = 0;
  loss = 0;
  for (const [index, input] of inputs.entries()) {
    const probability = 1 / (1 + Math.exp(-input.reduce((sum, value, at) => sum + value * weights[at]!, bias)));
    const error = probability - targets[index]!;
    loss -= Math.log(targets[index] === 1 ? probability : 1 - probability) / inputs.length;
    for (const [at, value] of input.entries()) gradient[at]! += (error * value) / inputs.length;
    biasGradient += error / inputs.length;
  }
  for (const at of weights.keys()) weights[at]! -= learningRate * gradient[at]!;
  bias -= learningRate * biasGradient;
}

// The graph takes the features as they stand in the file: how they are standardised is part of the model.
const width = features.length;
const graph = graphOf({
  name: 'credit',
  inputs: [tensorValue('features', 'FLOAT', ['N', width])],
  outputs: [tensorValue('probability', 'FLOAT', ['N', 1])],
  initializers: [
    tensor('mean', [width], Float32Array.from(mean)),
    tensor('scale', [width], Float32Array.from(scale)),
    tensor('weights', [width, 1], Float32Array.from(weights)),
    tensor('bias', [1], Float32Array.of(bias)),
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
  writeModel(modelOf({ graph, opsets: { '': 17 }, producerName: 'holdfast-example-credit' })),
);
const card = {
  name: 'credit',
  task: 'the probability that an applicant repays a loan',
  use: 'an example: the applicants are invented, and so is what was learnt from them',
  features,
  leftOut: { applicant: 'a name', group: 'a protected attribute' },
  training: { rows: rows.length, epochs, learningRate, penalty, loss },
};
writeFileSync('build/model/card.json', `${JSON.stringify(card, null, 2)}\n`);
console.log(`${epochs} epochs over ${rows.length} rows, loss ${loss.toFixed(4)}`);
