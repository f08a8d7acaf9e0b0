import { type Random, randomOf } from '@holdfast/statistics';

/** The chance of the second class. */
export type Predict = (encoded: Float64Array) => number;
export type Learner = (rows: readonly Float64Array[], targets: readonly number[], seed: string) => Predict;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Logistic regression to targets from 0 to 1, by gradient descent with momentum. */
export const logistic: Learner = (rows, targets) => {
  const width = rows[0]!.length;
  const weights = new Float64Array(width + 1);
  const step = new Float64Array(width + 1);
  const rounds = Math.max(60, Math.min(300, Math.ceil(60_000 / rows.length)));
  for (let round = 0; round < rounds; round += 1) {
    const gradient = new Float64Array(width + 1);
    for (const [at, row] of rows.entries()) {
      let sum = weights[width]!;
      for (let each = 0; each < width; each += 1) sum += weights[each]! * row[each]!;
      const off = sigmoid(sum) - targets[at]!;
      for (let each = 0; each < width; each += 1) gradient[each]! += off * row[each]!;
      gradient[width]! += off;
    }
    for (let each = 0; each <= width; each += 1) {
      step[each] = 0.9 * step[each]! - 0.3 * (gradient[each]! / rows.length + 1e-3 * weights[each]!);
      weights[each]! += step[each]!;
    }
  }
  return (row) => {
    let sum = weights[width]!;
    for (let each = 0; each < width; each += 1) sum += weights[each]! * row[each]!;
    return sigmoid(sum);
  };
};

/** One hidden layer of 16 rectified units, Adam. */
export const perceptron: Learner = (rows, targets, seed) => {
  const random = randomOf(seed);
  const [width, hidden] = [rows[0]!.length, 16];
  const size = hidden * (width + 1) + hidden + 1;
  const weights = Float64Array.from({ length: size }, () => random.normal() / Math.sqrt(width));
  const [first, second, gradient] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const outer = hidden * (width + 1);
  const units = new Float64Array(hidden);
  const forward: Predict = (row) => {
    let sum = weights[outer + hidden]!;
    for (let unit = 0; unit < hidden; unit += 1) {
      let inner = weights[unit * (width + 1) + width]!;
      for (let each = 0; each < width; each += 1) inner += weights[unit * (width + 1) + each]! * row[each]!;
      units[unit] = Math.max(0, inner);
      sum += weights[outer + unit]! * units[unit]!;
    }
    return sigmoid(sum);
  };
  const batch = Math.min(32, rows.length);
  const steps = Math.max(200, Math.min(1200, Math.ceil((30 * rows.length) / batch)));
  for (let time = 1; time <= steps; time += 1) {
    gradient.fill(0);
    for (let each = 0; each < batch; each += 1) {
      const at = random.integer(rows.length);
      const row = rows[at]!;
      const off = (forward(row) - targets[at]!) / batch;
      gradient[outer + hidden]! += off;
      for (let unit = 0; unit < hidden; unit += 1) {
        gradient[outer + unit]! += off * units[unit]!;
        if (units[unit] === 0) continue;
        const back = off * weights[outer + unit]!;
        const start = unit * (width + 1);
        for (let input = 0; input < width; input += 1) gradient[start + input]! += back * row[input]!;
        gradient[start + width]! += back;
      }
    }
    for (let each = 0; each < size; each += 1) {
      const slope = gradient[each]! + 1e-4 * weights[each]!;
      first[each] = 0.9 * first[each]! + 0.1 * slope;
      second[each] = 0.999 * second[each]! + 0.001 * slope * slope;
      weights[each]! -=
        (0.01 * (first[each]! / (1 - 0.9 ** time))) / (Math.sqrt(second[each]! / (1 - 0.999 ** time)) + 1e-8);
    }
  }
  return forward;
};

interface Leaf {
  readonly value: number;
}
interface Fork {
  readonly feature: number;
  readonly at: number;
  readonly low: Tree;
  readonly high: Tree;
}
type Tree = Leaf | Fork;

/** Twenty bagged trees of depth 6, a third of the features at each fork. */
export const forest: Learner = (rows, targets, seed) => {
  const random = randomOf(seed);
  const most = Math.min(rows.length, 800);
  const trees = Array.from({ length: 20 }, () => {
    const chosen = Array.from({ length: most }, () => random.integer(rows.length));
    return grow(chosen, 6, { rows, targets, random });
  });
  return (row) => trees.reduce((sum, tree) => sum + valueOf(tree, row), 0) / trees.length;
};

function valueOf(tree: Tree, row: Float64Array): number {
  let at = tree;
  while ('feature' in at) at = row[at.feature]! <= at.at ? at.low : at.high;
  return at.value;
}

interface Growing {
  readonly rows: readonly Float64Array[];
  readonly targets: readonly number[];
  readonly random: Random;
}

function grow(chosen: readonly number[], depth: number, growing: Growing): Tree {
  const { rows, targets, random } = growing;
  const mean = chosen.reduce((sum, at) => sum + targets[at]!, 0) / chosen.length;
  if (depth === 0 || chosen.length < 4) return { value: mean };
  const width = rows[0]!.length;
  let best = { gain: 1e-9, feature: -1, at: 0 };
  for (let tried = 0; tried < Math.ceil(width / 3); tried += 1) {
    const feature = random.integer(width);
    for (let cut = 0; cut < 5; cut += 1) {
      const at = rows[chosen[random.integer(chosen.length)]!]![feature]!;
      let [count, sum] = [0, 0];
      for (const each of chosen) {
        if (rows[each]![feature]! > at) continue;
        count += 1;
        sum += targets[each]!;
      }
      if (count === 0 || count === chosen.length) continue;
      const [left, right] = [sum / count, (mean * chosen.length - sum) / (chosen.length - count)];
      const gain = count * (left - mean) ** 2 + (chosen.length - count) * (right - mean) ** 2;
      if (gain > best.gain) best = { gain, feature, at };
    }
  }
  if (best.feature < 0) return { value: mean };
  const { feature, at } = best;
  const low = chosen.filter((each) => rows[each]![feature]! <= at);
  const high = chosen.filter((each) => rows[each]![feature]! > at);
  return { feature, at, low: grow(low, depth - 1, growing), high: grow(high, depth - 1, growing) };
}

export const learners = { logistic, perceptron, forest } as const;
export type LearnerName = keyof typeof learners;
