import type { Cell, TableColumn } from '@holdfast/dataset';
import { measure } from '../metrics/measure.ts';
import type { Question } from '../metrics/metric.ts';
import { type ValueCounts, valueCounts } from '../metrics/value-counts.ts';
import type { ColumnPair, Tables } from './column-pairs.ts';

/** Parts of the hashes that stand for values where these are too many. */
const buckets = 1024n;

/** How often each value is in both tables. */
export interface CategoryCounts {
  readonly categories: readonly { readonly text: string; readonly current: number; readonly reference: number }[];
  /** Whether `text` is a part of the hash of values, which are too many to be held. */
  readonly isHashed: boolean;
}

export async function categoryCounts(
  current: Tables,
  reference: Tables,
  pair: ColumnPair,
  signal: AbortSignal,
): Promise<CategoryCounts> {
  const [now, before] = [valueCounts(pair.current), valueCounts(pair.reference)];
  const counts = (await measure(current, [now], { signal })).get(now);
  const countsBefore = (await measure(reference, [before], { signal })).get(before);
  if (counts.isWhole && countsBefore.isWhole) return together(plain(counts), plain(countsBefore), false);
  const [hashed, hashedBefore] = [hashCounts(pair.current), hashCounts(pair.reference)];
  const parts = (await measure(current, [hashed], { signal })).get(hashed);
  const partsBefore = (await measure(reference, [hashedBefore], { signal })).get(hashedBefore);
  return together(parts, partsBefore, true);
}

type Counts = ReadonlyMap<string, { readonly text: string; readonly count: number }>;

const plain = ({ values }: ValueCounts): Counts => values;

function together(current: Counts, reference: Counts, isHashed: boolean): CategoryCounts {
  const keys = [...new Set([...current.keys(), ...reference.keys()])];
  const categories = keys.map((key) => ({
    text: (current.get(key) ?? reference.get(key))?.text ?? key,
    current: current.get(key)?.count ?? 0,
    reference: reference.get(key)?.count ?? 0,
  }));
  return { categories, isHashed };
}

/** How many values have each remainder of their hash. */
function hashCounts(column: TableColumn): Question<Counts, Counts> {
  return {
    kind: 'question',
    key: `hashes of ${column.value}`,
    sql({ engine: { dialect }, relation }) {
      const hash = dialect.hash(dialect.text(column.value, column.type));
      const values = `SELECT ${dialect.remainder(hash, buckets)} AS h FROM ${relation} WHERE ${column.value} IS NOT NULL`;
      return `SELECT h, count(*) FROM (${values}) AS a GROUP BY h`;
    },
    read: (rows: readonly (readonly Cell[])[]) =>
      new Map(rows.map(([hash, count]) => [String(hash), { text: String(hash), count: Number(count) }])),
    merge(one, other) {
      const all = new Map(one);
      for (const [key, { text, count }] of other) all.set(key, { text, count: count + (all.get(key)?.count ?? 0) });
      return all;
    },
    value: (state) => state,
  };
}
