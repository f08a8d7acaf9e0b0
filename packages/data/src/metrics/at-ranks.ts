import type { TableColumn } from '@holdfast/dataset';
import { present } from './count.ts';
import type { Aggregate } from './metric.ts';

/**
 * The values at the ranks that quantiles lie at or between, of a table of one part whose values the engine can hold.
 * @returns by rank from 0
 */
export function atRanks(
  column: TableColumn,
  probabilities: readonly number[],
): Aggregate<readonly number[], ReadonlyMap<number, number>> {
  const count = present(column);
  return {
    kind: 'aggregate',
    key: `values of ${column.value} at the ranks of ${probabilities.join(' ')}`,
    after: [count],
    expressions({ engine: { dialect } }, found) {
      const total = found.get(count);
      const ranks = ranksOf(total, probabilities);
      if (ranks.length === 0) return [];
      return [dialect.atRanks(dialect.double(column.value), ranks, total)];
    },
    read: ([values]) => (values === undefined ? [] : String(values).split(',').map(numberOf)),
    merge() {
      throw new Error('the values at ranks of a part say nothing of the ranks of the whole');
    },
    value: (values, found) =>
      new Map(ranksOf(found.get(count), probabilities).map((rank, index) => [rank, values[index] ?? Number.NaN])),
  };
}

const numberOf = (text: string): number => Number(text.replace(/^(-?)inf(?:inity)?$/i, '$1Infinity'));

/** The ranks at or between which quantiles lie, in ascending order. */
export function ranksOf(count: number, probabilities: readonly number[]): number[] {
  if (count === 0) return [];
  const ranks = probabilities.map((probability) => (count - 1) * probability);
  const all = new Set(ranks.flatMap((rank) => [Math.floor(rank), Math.ceil(rank)]));
  return [...all].sort((one, other) => one - other);
}
