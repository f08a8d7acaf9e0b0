import type { TableColumn } from '@holdfast/dataset';
import { higherPowers } from './higher-powers.ts';
import type { Derived } from './metric.ts';
import { type Moments, moments } from './moments.ts';

/** How a column of finite numbers is spread around its mean. */
export interface Shape extends Moments {
  /** Sample standard deviation, over n − 1; nothing of fewer than two values. */
  readonly deviation: number | undefined;
  /** Adjusted Fisher–Pearson coefficient, as pandas gives it; nothing of fewer than three values or of one value. */
  readonly skewness: number | undefined;
  /** Adjusted excess kurtosis, as pandas gives it; nothing of fewer than four values or of one value. */
  readonly kurtosis: number | undefined;
}

export function shape(column: TableColumn): Derived<Shape | undefined> {
  const base = moments(column);
  const powers = higherPowers(column);
  return {
    kind: 'derived',
    key: `shape of ${column.value}`,
    after: [base, powers],
    value(found) {
      const known = found.get(base);
      return known === undefined ? undefined : shapeOf(known, ...found.get(powers));
    },
  };
}

function shapeOf(base: Moments, cubes: number, fourths: number): Shape {
  const { count: n, squares } = base;
  const [deviation, skewness, kurtosis] = [
    n > 1 ? Math.sqrt(squares / (n - 1)) : undefined,
    n > 2 && squares > 0 ? ((n * Math.sqrt(n - 1)) / (n - 2)) * (cubes / squares ** 1.5) : undefined,
    n > 3 && squares > 0
      ? (n * (n + 1) * (n - 1) * fourths) / ((n - 2) * (n - 3) * squares ** 2) -
        (3 * (n - 1) ** 2) / ((n - 2) * (n - 3))
      : undefined,
  ].map((value) => (Number.isFinite(value) ? value : undefined));
  return { ...base, deviation, skewness, kurtosis };
}
