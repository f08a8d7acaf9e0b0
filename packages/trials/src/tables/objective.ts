import type { TableModel } from './table-model.ts';

/** What an attack makes larger, row by row, and the gradient of it with respect to the scores. */
export interface Objective {
  /** [N] from scores [N·outputs]; NaN counts as the largest. */
  values(scores: Float32Array): Float64Array;
  /** The same of one row alone. @param scores [outputs] @param row which it is */
  valueOf(scores: Float32Array, row: number): number;
  /** [N·outputs] the gradient of what the attack climbs: for classes either that of the margin or of cross-entropy. */
  seeds(scores: Float32Array, form: 'margin' | 'cross-entropy'): Float32Array;
}

/**
 * For classes the largest other score less the label's, above 0 where the row is misclassified; for values the squared error.
 * @param labels [N] classes, or the values that are right
 */
export function objectiveOf(model: TableModel, labels: ArrayLike<number>): Objective {
  if (model.task === 'regression') return squaredError(labels);
  return model.outputs === 1 ? signedScore(labels) : margin(labels, model.outputs);
}

function orLargest(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

function squaredError(labels: ArrayLike<number>): Objective {
  const errors = (scores: Float32Array): Float64Array =>
    Float64Array.from(scores, (score, row) => score - (labels[row] as number));
  const valueOf = ([score = Number.NaN]: Float32Array, row: number): number =>
    orLargest((score - (labels[row] as number)) ** 2);
  return {
    valueOf,
    values: (scores) => Float64Array.from(scores, (score, row) => valueOf(Float32Array.of(score), row)),
    // At the right value itself the gradient is 0 and leads nowhere, though every direction goes up.
    seeds: (scores) => Float32Array.from(errors(scores), (error) => (error === 0 ? 1 : 2 * error)),
  };
}

/** One score of two classes: above 0 is the second. */
function signedScore(labels: ArrayLike<number>): Objective {
  const sign = (row: number): number => (labels[row] === 1 ? -1 : 1);
  return {
    valueOf: ([score = Number.NaN], row) => orLargest(sign(row) * score),
    values: (scores) => Float64Array.from(scores, (score, row) => orLargest(sign(row) * score)),
    seeds: (scores) => Float32Array.from(scores, (_, row) => sign(row)),
  };
}

function margin(labels: ArrayLike<number>, classes: number): Objective {
  const rowsOf = (scores: Float32Array) =>
    Array.from({ length: scores.length / classes }, (_, row) => scores.subarray(row * classes, (row + 1) * classes));
  const valueOf = (row: Float32Array, index: number): number => {
    const label = labels[index] as number;
    return orLargest((row[otherOf(row, label)] as number) - (row[label] as number));
  };
  return {
    valueOf,
    values: (scores) => Float64Array.from(rowsOf(scores), valueOf),
    seeds: (scores, form) => {
      const seeds = new Float32Array(scores.length);
      for (const [index, row] of rowsOf(scores).entries()) {
        const label = labels[index] as number;
        const start = index * classes;
        if (form === 'margin') seeds[start + otherOf(row, label)] = 1;
        else seeds.set(softmax(row), start);
        seeds[start + label] = (seeds[start + label] as number) - 1;
      }
      return seeds;
    },
  };
}

function otherOf(row: Float32Array, label: number): number {
  let best = label === 0 ? 1 : 0;
  for (const [index, value] of row.entries()) if (index !== label && value > (row[best] as number)) best = index;
  return best;
}

function softmax(row: Float32Array): Float32Array {
  const most = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, each) => total + each, 0);
  return powers.map((each) => each / sum);
}
