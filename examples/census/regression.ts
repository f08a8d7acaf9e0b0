/** What {@link fit} learns: the logit of a row is its features times `weights`, plus `bias`. */
export interface Fitted {
  readonly weights: readonly number[];
  readonly bias: number;
  /** The mean log loss of the rows, without the penalty. */
  readonly loss: number;
  readonly steps: number;
}

const maximumSteps = 50;
const tolerance = 1e-10;

/**
 * Logistic regression by Newton's method: the weights that minimise the sum of the rows' log losses plus half the sum
 * of the squared weights; the bias is free. That is scikit-learn's `LogisticRegression` with `C=1`.
 */
export function fit(rows: readonly Float64Array[], targets: readonly number[]): Fitted {
  const width = (rows[0]?.length ?? 0) + 1;
  const solution = new Float64Array(width);
  for (let step = 1; step <= maximumSteps; step++) {
    const { gradient, curvature, loss } = derivatives(rows, targets, solution);
    const move = solve(curvature, gradient);
    for (const [at, change] of move.entries()) solution[at]! -= change;
    if (Math.max(...move.map(Math.abs)) < tolerance) {
      const [bias = 0, ...weights] = solution;
      return { weights, bias, loss: loss / rows.length, steps: step };
    }
  }
  throw new Error(`no minimum after ${maximumSteps} steps`);
}

/** First and second derivatives at a solution whose first number is the bias, and the loss there. */
function derivatives(rows: readonly Float64Array[], targets: readonly number[], solution: Float64Array) {
  const width = solution.length;
  const gradient = Float64Array.from(solution, (weight, at) => (at === 0 ? 0 : weight));
  const curvature = Array.from({ length: width }, (_, at) => {
    const line = new Float64Array(width);
    line[at] = at === 0 ? 0 : 1;
    return line;
  });
  let loss = 0;
  for (const [index, row] of rows.entries()) {
    const input = [1, ...row];
    const probability = 1 / (1 + Math.exp(-input.reduce((sum, value, at) => sum + value * solution[at]!, 0)));
    const target = targets[index]!;
    loss -= Math.log(target === 1 ? probability : 1 - probability);
    const filled = [...input.keys()].filter((at) => input[at] !== 0);
    for (const one of filled) {
      gradient[one]! += (probability - target) * input[one]!;
      const share = probability * (1 - probability) * input[one]!;
      for (const other of filled) curvature[one]![other]! += share * input[other]!;
    }
  }
  return { gradient, curvature, loss };
}

/** Solves a symmetric positive definite system by Cholesky's decomposition. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const lower = matrix.map(() => new Float64Array(size));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row]![column]!;
      for (let at = 0; at < column; at++) rest -= lower[row]![at]! * lower[column]![at]!;
      lower[row]![column] = row === column ? Math.sqrt(rest) : rest / lower[column]![column]!;
    }
  }
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    for (let at = 0; at < row; at++) solution[row]! -= lower[row]![at]! * solution[at]!;
    solution[row]! /= lower[row]![row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let at = row + 1; at < size; at++) solution[row]! -= lower[at]![row]! * solution[at]!;
    solution[row]! /= lower[row]![row]!;
  }
  return solution;
}
