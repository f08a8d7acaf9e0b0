import { normalQuantile } from '@holdfast/statistics/normal';
import type { PairSearch } from './crowded-pairs.ts';
import { type GroupPart, rowsWith } from './grow.ts';
import { middleRanks } from './item-columns.ts';

/**
 * How much of a pair's surprise two columns of numbers explain by rising or falling together: the sum, over the rows that have both items,
 * of the logarithm of the density of the normal copula with the correlation of all other rows of the class (J. Klaassen and A. Wellner,
 * "Efficient estimation in the bivariate normal copula model", 1997). 0 where they explain nothing, and for categories.
 */
export function explainedSurprise(
  search: PairSearch,
  label: number,
  [one, other]: readonly [GroupPart, GroupPart],
  isLeftOut: Uint8Array,
): number {
  const [left, right] = [search.columns[one.column], search.columns[other.column]];
  if (left?.kind !== 'number' || right?.kind !== 'number') return 0;
  const rows = rowsWith(search, label, [], isLeftOut);
  const [xs, ys] = [left, right].map(({ ranks }) => scores(Float64Array.from(rows, (row) => ranks[row] ?? Number.NaN)));
  if (xs === undefined || ys === undefined) return 0;
  const isInside = (at: number): boolean => one.has[rows[at] ?? 0] === 1 && other.has[rows[at] ?? 0] === 1;
  const isKnown = (at: number): boolean => !Number.isNaN(xs[at] ?? Number.NaN) && !Number.isNaN(ys[at] ?? Number.NaN);
  const places = [...rows.keys()].filter(isKnown);
  const rho = correlation(places.filter((at) => !isInside(at)).map((at) => [xs[at] ?? 0, ys[at] ?? 0] as const));
  const inside = places.filter(isInside).map((at) => [xs[at] ?? 0, ys[at] ?? 0] as const);
  return Math.max(0, ...[rho.low, rho.mean, rho.high].map((each) => logDensity(inside, each)));
}

/** Normal scores of ranks; NaN where there is none. */
function scores(values: Float64Array): Float64Array {
  return middleRanks({ values }).map((rank) =>
    Number.isNaN(rank) ? rank : normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, rank))),
  );
}

/** Pearson's, and one standard error of Fisher's transform to both sides. */
function correlation(points: readonly (readonly [number, number])[]): { low: number; mean: number; high: number } {
  if (points.length < 8) return { low: 0, mean: 0, high: 0 };
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point[0]), mean((point) => point[1])];
  const [xx, yy] = [mean((point) => (point[0] - x) ** 2), mean((point) => (point[1] - y) ** 2)];
  const xy = mean((point) => (point[0] - x) * (point[1] - y));
  const rho = xx > 0 && yy > 0 ? Math.max(-0.999, Math.min(0.999, xy / Math.sqrt(xx * yy))) : 0;
  const [z, error] = [Math.atanh(rho), 1 / Math.sqrt(points.length - 3)];
  return { low: Math.tanh(z - error), mean: rho, high: Math.tanh(z + error) };
}

function logDensity(points: readonly (readonly [number, number])[], rho: number): number {
  const rest = 1 - rho * rho;
  return points.reduce(
    (sum, [x, y]) => sum - 0.5 * Math.log(rest) - (rho * rho * (x * x + y * y) - 2 * rho * x * y) / (2 * rest),
    0,
  );
}
