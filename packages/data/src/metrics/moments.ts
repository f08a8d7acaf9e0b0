import type { TableColumn } from '@holdfast/dataset';
import { present } from './count.ts';
import { exactSum, sumOf } from './exact-sum.ts';
import { type Extremes, extremes } from './extremes.ts';
import type { Derived, Metric } from './metric.ts';

export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of (x − mean)². */
  readonly squares: number;
}

const nameOf = ({ value }: TableColumn, where?: string): string =>
  `${value}${where === undefined ? '' : ` where ${where}`}`;

/** The mean of a column of numbers, in two passes; NaN of no values. */
export function meanOf(column: TableColumn, where?: string): Derived<number> {
  const [count, sum] = [present(column, where), sumOf(column, where)];
  return {
    kind: 'derived',
    key: `mean of ${nameOf(column, where)}`,
    after: [count, sum],
    value: (found) => found.get(sum) / found.get(count),
  };
}

/** Count, mean and sum of squared deviations of a column of numbers, in three passes; nothing of no values. */
export function moments(column: TableColumn, where?: string): Metric<Moments | undefined> {
  const [count, mean, range] = [present(column, where), meanOf(column, where), extremes(column, where)];
  const name = nameOf(column, where);
  const squares = exactSum(
    `squared deviations of ${column.value}`,
    ({ engine: { dialect } }, found) => {
      const deviation = `(${dialect.double(column.value, column.type)} - ${dialect.double(dialect.literal(found.get(mean)))})`;
      return `(${deviation} * ${deviation})`;
    },
    largestSquare(name, mean, range),
    where,
  );
  return {
    kind: 'derived',
    key: `moments of ${name}`,
    after: [count, mean, squares],
    value(found) {
      const values = found.get(count);
      return values === 0 ? undefined : { count: values, mean: found.get(mean), squares: found.get(squares) };
    },
  };
}

/** Between which numbers the squared deviations lie. */
function largestSquare(
  name: string,
  mean: Derived<number>,
  range: Metric<Extremes | undefined>,
): Derived<Extremes | undefined> {
  return {
    kind: 'derived',
    key: `largest squared deviation of ${name}`,
    after: [mean, range],
    value(found) {
      const ends = found.get(range);
      if (ends === undefined) return undefined;
      const greatest = Math.max((ends.least - found.get(mean)) ** 2, (ends.greatest - found.get(mean)) ** 2);
      return { least: 0, greatest };
    },
  };
}
