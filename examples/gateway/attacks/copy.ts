// Copies the model: rows drawn uniformly, then lines across the boundary; a logistic regression of its own learns from the answers.
// What it reached is how often the copy says the same on rows that it never asked about, which takes the model's answers to them, too.
import { ask, type Row, ranges, Tally, uniform } from './target.ts';

const asked = Number(process.argv[2] ?? 300);
const random = uniform(20_261_129);
const tally = new Tally();
const known: { readonly row: Row; readonly probability: number }[] = [];

const drawn = (): Row => ranges.map(([least, greatest]) => least + random() * (greatest - least));

async function learn(row: Row): Promise<number | undefined> {
  const answer = await ask(row);
  tally.add(answer);
  if (answer.probability !== undefined) known.push({ row, probability: answer.probability });
  return answer.probability;
}

/** Halves the line between two rows that the model tells apart, towards where its answer turns. */
async function search(from: Row, to: Row): Promise<void> {
  let [low, high] = [from, to];
  for (let step = 0; step < 8; step += 1) {
    const middle = low.map((value, at) => (value + (high[at] ?? 0)) / 2);
    const probability = await learn(middle);
    if (probability === undefined) return;
    if (probability > 0.5) high = middle;
    else low = middle;
  }
}

for (let count = 0; count < asked; count += 1) await learn(drawn());
const [no, yes] = [
  known.find(({ probability }) => probability <= 0.5),
  known.find(({ probability }) => probability > 0.5),
];
if (no !== undefined && yes !== undefined) await search(no.row, yes.row);
console.log('copying, what it was told:');
tally.print();

const scaled = (row: Row): number[] =>
  row.map((value, at) => {
    const [least, greatest] = ranges[at] ?? [0, 1];
    return (2 * (value - least)) / (greatest - least) - 1;
  });
const sigmoid = (score: number): number => 1 / (1 + Math.exp(-score));
const weights = ranges.map(() => 0);
let bias = 0;
const scoreOf = (row: readonly number[]): number =>
  row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), bias);
const rows = known.map(({ row, probability }) => ({ row: scaled(row), probability }));
for (let epoch = 0; epoch < 2000 && rows.length > 0; epoch += 1) {
  const gradient = ranges.map(() => 0);
  let ofBias = 0;
  for (const { row, probability } of rows) {
    const error = (sigmoid(scoreOf(row)) - probability) / rows.length;
    for (const [at, value] of row.entries()) gradient[at] = (gradient[at] ?? 0) + error * value;
    ofBias += error;
  }
  for (const [at, each] of gradient.entries()) weights[at] = (weights[at] ?? 0) - 5 * each;
  bias -= 5 * ofBias;
}

let [same, compared, positive] = [0, 0, 0];
for (let count = 0; count < 50; count += 1) {
  const row = drawn();
  const { probability } = await ask(row);
  if (probability === undefined) continue;
  compared += 1;
  if (probability > 0.5) positive += 1;
  if (probability > 0.5 === sigmoid(scoreOf(scaled(row))) > 0.5) same += 1;
}
console.log(
  compared === 0
    ? `  from ${known.length} answers; nobody answers it any more, so how good the copy is stays unknown`
    : `  from ${known.length} answers: the copy says the same on ${same} of ${compared} new rows, ${positive} of them above a half`,
);
