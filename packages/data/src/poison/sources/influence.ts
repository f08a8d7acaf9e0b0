import { adjustP, type Random, randomOf } from '@holdfast/statistics';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { coordinatesOf } from '../labels/neighbours.ts';
import type { PoisonScene } from '../scene.ts';

/** What is added to the diagonal, per row: ridge regression (A. Hoerl and R. Kennard, 1970). */
const ridge = 0.01;
/** Coordinates that a learner sees. */
const mostWidth = 31;

/** What a learner makes of the rows of others, with and without one source. */
export interface Influence {
  /** Index into the names of the scene's sources. */
  readonly source: number;
  readonly rows: number;
  /** Mean squared error on the others' labels when the source is learnt from too, and when it is not. */
  readonly withIt: number;
  readonly without: number;
  /** How unlikely so large a difference is where rows are dealt to sources by chance, adjusted for their number (Holm). */
  readonly p: number;
}

/** Sums over rows from which a ridge regression and its error follow: xᵀx, xᵀy and yᵀy. */
interface Moments {
  readonly xx: Matrix;
  readonly xy: Matrix;
  readonly yy: number;
  readonly rows: number;
}

/**
 * Leave-one-source-out retraining of a ridge regression on the labels as indicators, which is exact: the learner without a source is that
 * of the sums without its rows. A source is as influential as it makes the others' labels harder to predict; what that is by chance is
 * seen by dealing the rows to sources of the same sizes anew, which gives an exact test (E. Pitman, 1937).
 */
export async function sourceInfluences(scene: PoisonScene, deals: number): Promise<readonly Influence[]> {
  const { sources, seed, signal } = scene;
  if (sources === undefined) return [];
  const rows = Uint32Array.from(scene.labels.keys()).filter(
    (row) => (scene.labels[row] ?? -1) >= 0 && (sources.of[row] ?? -1) >= 0,
  );
  const of = Int32Array.from(rows, (row) => sources.of[row] ?? 0);
  const x = designOf(scene, rows);
  const y = indicatorsOf(scene, rows);
  const found = differences(x, y, of, sources.names.length);
  const asLarge = new Float64Array(sources.names.length);
  const random: Random = randomOf(seed).fork('sources');
  for (let deal = 0; deal < deals; deal += 1) {
    if (deal % 8 === 0) await new Promise(setImmediate);
    signal.throwIfAborted();
    const dealt = differences(x, y, random.shuffle(of.slice()), sources.names.length);
    for (const [source, { withIt, without }] of dealt.entries()) {
      const here = found[source];
      if (here !== undefined && withIt - without >= here.withIt - here.without)
        asLarge[source] = (asLarge[source] ?? 0) + 1;
    }
  }
  const held = found.filter((each) => each.rows > 0);
  if (held.length < 2) return [];
  const ps = adjustP(
    'holm',
    held.map(({ source }) => ((asLarge[source] ?? 0) + 1) / (deals + 1)),
  );
  return held.map((each, at) => ({ ...each, p: ps[at] ?? 1 }));
}

function differences(x: Rows, y: Rows, of: Int32Array, sources: number): Omit<Influence, 'p'>[] {
  const parts = momentsOf(x, y, of, sources);
  const all = parts.reduce((sum, part) => combined(sum, part, 1));
  const learnt = solved(all);
  return parts.map((part, source) => {
    const others = combined(all, part, -1);
    if (part.rows === 0 || others.rows === 0) return { source, rows: 0, withIt: 0, without: 0 };
    const [withIt, without] = [errorOf(others, learnt), errorOf(others, solved(others))];
    return { source, rows: part.rows, withIt, without };
  });
}

/** Rows one after the other. */
interface Rows {
  readonly width: number;
  readonly values: Float64Array;
}

function momentsOf(x: Rows, y: Rows, of: Int32Array, sources: number): Moments[] {
  const [wide, classes] = [x.width, y.width];
  const xx = Array.from({ length: sources }, () => new Float64Array(wide * wide));
  const xy = Array.from({ length: sources }, () => new Float64Array(wide * classes));
  const counts = new Uint32Array(sources);
  for (const [row, source] of of.entries()) {
    counts[source] = (counts[source] ?? 0) + 1;
    addProducts(xx[source] as Float64Array, x.values, row * wide, wide, x.values, row * wide, wide);
    addProducts(xy[source] as Float64Array, x.values, row * wide, wide, y.values, row * classes, classes);
  }
  return xx.map((sums, source) => ({
    xx: Matrix.from1DArray(wide, wide, sums),
    xy: Matrix.from1DArray(wide, classes, xy[source] ?? []),
    // Each row has one class: its indicators are one 1.
    yy: counts[source] ?? 0,
    rows: counts[source] ?? 0,
  }));
}

/** Adds the outer product of two rows. */
function addProducts(
  sums: Float64Array,
  one: Float64Array,
  from: number,
  width: number,
  other: Float64Array,
  at: number,
  columns: number,
): void {
  for (let i = 0; i < width; i += 1) {
    const value = one[from + i] as number;
    if (value === 0) continue;
    for (let j = 0; j < columns; j += 1) (sums[i * columns + j] as number) += value * (other[at + j] as number);
  }
}

const combined = (one: Moments, other: Moments, sign: 1 | -1): Moments => ({
  xx: Matrix.add(one.xx, Matrix.mul(other.xx, sign)),
  xy: Matrix.add(one.xy, Matrix.mul(other.xy, sign)),
  yy: one.yy + sign * other.yy,
  rows: one.rows + sign * other.rows,
});

function solved({ xx, xy, rows }: Moments): Matrix {
  const matrix = Matrix.add(xx, Matrix.eye(xx.rows).mul(ridge * Math.max(1, rows)));
  return new CholeskyDecomposition(matrix).solve(xy);
}

/** Mean of |y - wᵀx|² over the rows of some sums: yᵀy - 2 wᵀxᵀy + wᵀxᵀxw. */
function errorOf({ xx, xy, yy, rows }: Moments, weights: Matrix): number {
  const quadratic = weights.transpose().mmul(xx.mmul(weights)).trace();
  return Math.max(0, yy - 2 * weights.transpose().mmul(xy).trace() + quadratic) / rows;
}

/** Coordinates of the rows, of mean 0 and deviation 1 or less, and a constant. */
function designOf(scene: PoisonScene, rows: Uint32Array): Rows {
  const parts = coordinatesOf(scene).slice(0, mostWidth);
  const width = parts.length + 1;
  const values = new Float64Array(rows.length * width).fill(1);
  for (const [at, part] of parts.entries())
    for (const [place, row] of rows.entries()) values[place * width + at] = part[row] ?? 0;
  return { width, values };
}

function indicatorsOf({ labels, classes }: PoisonScene, rows: Uint32Array): Rows {
  const values = new Float64Array(rows.length * classes.length);
  for (const [place, row] of rows.entries()) values[place * classes.length + (labels[row] ?? 0)] = 1;
  return { width: classes.length, values };
}
