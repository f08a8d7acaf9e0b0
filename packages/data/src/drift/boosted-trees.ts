import { type BinnedColumn, codes } from './binned-features.ts';

/** Trees, and how much of each is taken: small steps, and few of them, so that noise is not learnt by heart. */
const rounds = 50;
const rate = 0.2;
/** Added to the curvature of a leaf. */
const ridge = 5;

/** A row goes left where the code of a column is one of a set. */
interface Split {
  readonly column: number;
  /** Bit k: code k goes left. */
  readonly left: number;
  readonly gain: number;
}

/** Of depth two: each half of the rows is cut again, which sees how two columns go together. */
interface Tree {
  readonly root: Split;
  readonly halves: readonly [left: Split | undefined, right: Split | undefined];
  /** Left of left, right of left, left of right, right of right. */
  readonly leaves: readonly number[];
}

/** What the trees learnt: the score of a row, and how much each column helped. */
export interface Model {
  score(row: number): number;
  readonly gains: Float64Array;
}

/**
 * Gradient boosting with the logistic loss (J. H. Friedman, "Greedy Function Approximation", 2001), on codes from 0 to 15. Codes that
 * have no order are put into that of their mean gradient before they are cut (W. D. Fisher, 1958); those that have one keep it, which
 * learns less of what is noise, and what is missing goes to either side.
 * @param rows to learn from
 * @param isCurrent 1 or 0, by row
 */
export function boostedTrees(columns: readonly BinnedColumn[], rows: Uint32Array, isCurrent: Uint8Array): Model {
  const scores = new Float64Array(isCurrent.length);
  const [gradients, curvatures] = [new Float64Array(isCurrent.length), new Float64Array(isCurrent.length)];
  const trees: Tree[] = [];
  const gains = new Float64Array(columns.length);
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) {
      const chance = 1 / (1 + Math.exp(-(scores[row] ?? 0)));
      gradients[row] = (isCurrent[row] ?? 0) - chance;
      curvatures[row] = chance * (1 - chance);
    }
    const tree = treeOf(columns, rows, gradients, curvatures);
    if (tree === undefined) break;
    trees.push(tree);
    for (const split of [tree.root, ...tree.halves]) {
      if (split !== undefined) gains[split.column] = (gains[split.column] ?? 0) + split.gain;
    }
    for (const row of rows) scores[row] = (scores[row] ?? 0) + (tree.leaves[leafOf(tree, columns, row)] ?? 0);
  }
  return {
    gains,
    score: (row) => trees.reduce((sum, tree) => sum + (tree.leaves[leafOf(tree, columns, row)] ?? 0), 0),
  };
}

const goesLeft = ({ column, left }: Split, columns: readonly BinnedColumn[], row: number): boolean =>
  ((left >> (columns[column]?.codes[row] ?? 0)) & 1) === 1;

function leafOf({ root, halves }: Tree, columns: readonly BinnedColumn[], row: number): number {
  const side = goesLeft(root, columns, row) ? 0 : 1;
  const half = halves[side];
  return 2 * side + (half === undefined || goesLeft(half, columns, row) ? 0 : 1);
}

function treeOf(
  columns: readonly BinnedColumn[],
  rows: Uint32Array,
  gradients: Float64Array,
  curvatures: Float64Array,
): Tree | undefined {
  const root = bestSplit(columns, rows, gradients, curvatures);
  if (root === undefined) return undefined;
  const sides = [true, false].map((isLeft) => rows.filter((row) => goesLeft(root, columns, row) === isLeft));
  const [left, right] = sides.map((side) => bestSplit(columns, side, gradients, curvatures));
  const tree = { root, halves: [left, right] as const, leaves: [0, 0, 0, 0] };
  const sums = [0, 0, 0, 0].map(() => ({ gradient: 0, curvature: 0 }));
  for (const row of rows) {
    const sum = sums[leafOf(tree, columns, row)];
    if (sum === undefined) continue;
    sum.gradient += gradients[row] ?? 0;
    sum.curvature += curvatures[row] ?? 0;
  }
  return { ...tree, leaves: sums.map(({ gradient, curvature }) => (rate * gradient) / (curvature + ridge)) };
}

function bestSplit(
  columns: readonly BinnedColumn[],
  rows: Uint32Array,
  gradients: Float64Array,
  curvatures: Float64Array,
): Split | undefined {
  let best: Split | undefined;
  for (const [column, values] of columns.entries()) {
    const [gradient, curvature] = [new Float64Array(codes), new Float64Array(codes)];
    for (const row of rows) {
      const code = values.codes[row] ?? 0;
      gradient[code] = (gradient[code] ?? 0) + (gradients[row] ?? 0);
      curvature[code] = (curvature[code] ?? 0) + (curvatures[row] ?? 0);
    }
    const cut = bestCut(gradient, curvature, values.isOrdered);
    if (cut !== undefined && cut.gain > (best?.gain ?? 1e-9)) best = { column, ...cut };
  }
  return best;
}

function bestCut(gradient: Float64Array, curvature: Float64Array, isOrdered: boolean): Cut | undefined {
  const mean = (code: number): number => (gradient[code] ?? 0) / ((curvature[code] ?? 0) + ridge);
  const present = [...gradient.keys()].filter((code) => (curvature[code] ?? 0) > 0);
  if (!isOrdered) {
    const byMean = present.toSorted((one, other) => mean(one) - mean(other));
    return bestOf([cutAlong(byMean, gradient, curvature)]);
  }
  const lacksNone = present[0] !== 0;
  const orders = lacksNone ? [present] : [present, [...present.slice(1), 0]];
  return bestOf(orders.map((order) => cutAlong(order, gradient, curvature)));
}

type Cut = Omit<Split, 'column'>;

const bestOf = (cuts: readonly (Cut | undefined)[]): Cut | undefined =>
  cuts.reduce((best, cut) => ((cut?.gain ?? 0) > (best?.gain ?? 0) ? cut : best), undefined);

/** The best place to cut a row of codes in two. */
function cutAlong(order: readonly number[], gradient: Float64Array, curvature: Float64Array): Cut | undefined {
  const all = {
    gradient: gradient.reduce((sum, each) => sum + each),
    curvature: curvature.reduce((sum, each) => sum + each),
  };
  const worth = (g: number, h: number): number => (g * g) / (h + ridge);
  let best: Cut | undefined;
  let [g, h, left] = [0, 0, 0];
  for (const code of order.slice(0, -1)) {
    g += gradient[code] ?? 0;
    h += curvature[code] ?? 0;
    left |= 1 << code;
    const gain = worth(g, h) + worth(all.gradient - g, all.curvature - h) - worth(all.gradient, all.curvature);
    if (gain > (best?.gain ?? 0)) best = { left, gain };
  }
  return best;
}
