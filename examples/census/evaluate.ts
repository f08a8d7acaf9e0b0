// Looks at the model as it was written: reads build/model, scores the people of build/test.csv with it, and writes
// build/metrics.json, with the rates at which it says yes to women, men, and each race.
import { readFileSync, writeFileSync } from 'node:fs';
import { readModel, valuesOf } from '@holdfast/onnx';
import { featuresOf, type Levels } from './features.ts';
import { earnsMore, type Person, readPeople } from './people.ts';

const { graph } = readModel(readFileSync('build/model/model.onnx'));
const operators = graph.nodes.map(({ opType }) => opType).join(' ');
if (operators !== 'Sub Div Gemm Sigmoid') throw new Error(`the graph is \`${operators}\`, not a logistic regression`);
const { levels } = JSON.parse(readFileSync('build/model/card.json', 'utf8')) as { levels: Levels };

function constant(name: string): Float32Array {
  const initializer = graph.initializers.get(name);
  if (!initializer) throw new Error(`the model has no \`${name}\``);
  return valuesOf(initializer, 'FLOAT');
}
const mean = constant('mean');
const scale = constant('scale');
const weights = constant('weights');
const [bias = Number.NaN] = constant('bias');

/** What the graph computes for one person: sigmoid((features - mean) / scale · weights + bias). */
function probability(person: Person): number {
  const features = featuresOf(person, levels);
  if (features.length !== weights.length) throw new Error(`the model takes ${weights.length} features`);
  const logit = features.reduce((sum, value, at) => sum + ((value - mean[at]!) / scale[at]!) * weights[at]!, bias);
  return 1 / (1 + Math.exp(-logit));
}

const scored = readPeople('build/test.csv').map((person) => ({
  person,
  score: probability(person),
  earns: earnsMore(person),
}));
type Scored = (typeof scored)[number];

function average(rows: readonly Scored[], value: (row: Scored) => number): number {
  return rows.reduce((sum, row) => sum + value(row), 0) / rows.length;
}

/** The chance that somebody who earns more scores above somebody who does not; a draw counts half (Mann and Whitney 1947). */
function areaUnderCurve(rows: readonly Scored[]): number {
  const others = rows.filter(({ earns }) => !earns);
  return average(
    rows.filter(({ earns }) => earns),
    ({ score }) => average(others, (other) => (score > other.score ? 1 : score === other.score ? 0.5 : 0)),
  );
}

/** For each group that a column names, how many of it the model says yes to, and how many of all people it is. */
function selection(column: 'race' | 'sex') {
  const groups = [...new Set(scored.map(({ person }) => person[column]))].sort();
  return groups.map((group) => {
    const own = scored.filter(({ person }) => person[column] === group);
    const rate = average(own, ({ score }) => (score >= 0.5 ? 1 : 0));
    return { name: group.toLowerCase().replaceAll('-', '_'), rate, share: own.length / scored.length };
  });
}

/** The lowest rate over the highest, of the groups that are at least two percent of all (29 CFR 1607.4D, 1607.15A). */
function lowestOverHighest(groups: ReturnType<typeof selection>): number {
  const rates = groups.filter(({ share }) => share >= 0.02).map(({ rate }) => rate);
  return Math.min(...rates) / Math.max(...rates);
}

const [sexes, races] = [selection('sex'), selection('race')];
const metrics = {
  accuracy: average(scored, ({ score, earns }) => (score >= 0.5 === earns ? 1 : 0)),
  auc: areaUnderCurve(scored),
  brier: average(scored, ({ score, earns }) => (score - (earns ? 1 : 0)) ** 2),
  log_loss: average(scored, ({ score, earns }) => -Math.log(earns ? score : 1 - score)),
  selection_ratio_sex: lowestOverHighest(sexes),
  selection_ratio_race: lowestOverHighest(races),
  ...Object.fromEntries([...sexes, ...races].map(({ name, rate }) => [`selection_rate_${name}`, rate])),
};
writeFileSync('build/metrics.json', `${JSON.stringify(metrics, null, 2)}\n`);
console.log(
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join('\n'),
);
