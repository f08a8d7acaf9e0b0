// Looks at the model file, not at what training remembers: reads build/model/model.onnx, scores build/test.csv with it,
// and writes build/metrics.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { readModel, valuesOf } from '@holdfast/onnx';
import { featuresOf, type Row, readTable } from './table.ts';

const { graph } = readModel(readFileSync('build/model/model.onnx'));
const operators = graph.nodes.map(({ opType }) => opType).join(' ');
if (operators !== 'Sub Div Gemm Sigmoid') throw new Error(`the graph is \`${operators}\`, not a logistic regression`);

function constant(name: string): Float32Array {
  const initializer = graph.initializers.get(name);
  if (!initializer) throw new Error(`the model has no \`${name}\``);
  return valuesOf(initializer, 'FLOAT');
}
const [mean, scale, weights, bias] = ['mean', 'scale', 'weights', 'bias'].map(constant) as [
  Float32Array,
  Float32Array,
  Float32Array,
  Float32Array,
];

/** What the graph computes for one row: sigmoid((features - mean) / scale · weights + bias). */
function probability(row: Row): number {
  const logit = featuresOf(row).reduce(
    (sum, value, at) => sum + ((value - mean[at]!) / scale[at]!) * weights[at]!,
    bias[0]!,
  );
  return 1 / (1 + Math.exp(-logit));
}

const scored = readTable('build/test.csv').map((row) => ({
  score: probability(row),
  repaid: row.repaid === '1',
  group: row.group,
}));
type Scored = (typeof scored)[number];

function average(rows: readonly Scored[], value: (row: Scored) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
}

/** The chance that somebody who repaid scores above somebody who did not; a draw counts half (Mann and Whitney 1947). */
function areaUnderCurve(rows: readonly Scored[]): number {
  const good = rows.filter(({ repaid }) => repaid);
  const bad = rows.filter(({ repaid }) => !repaid);
  return average(good, ({ score }) =>
    average(bad, (other) => (score > other.score ? 1 : score === other.score ? 0.5 : 0)),
  );
}

/** Of those of a group who repaid, how many the model would have accepted. */
function acceptedOfGood(group: string): number {
  const good = scored.filter((row) => row.repaid && row.group === group);
  return average(good, ({ score }) => (score >= 0.5 ? 1 : 0));
}

const metrics = {
  accuracy: average(scored, ({ score, repaid }) => (score >= 0.5 === repaid ? 1 : 0)),
  auc: areaUnderCurve(scored),
  brier: average(scored, ({ score, repaid }) => (score - (repaid ? 1 : 0)) ** 2),
  log_loss: average(scored, ({ score, repaid }) => -Math.log(repaid ? score : 1 - score)),
  equal_opportunity_difference: Math.abs(acceptedOfGood('a') - acceptedOfGood('b')),
};
writeFileSync('build/metrics.json', `${JSON.stringify(metrics, null, 2)}\n`);
console.log(
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join(' · '),
);
