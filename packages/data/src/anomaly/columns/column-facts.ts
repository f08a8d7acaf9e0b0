import type { Table, TableColumn } from '@holdfast/dataset';
import { measure } from '../../metrics/measure.ts';
import type { Aggregate } from '../../metrics/metric.ts';

/** What of a column is needed to tell what kind of column it is. */
export interface ColumnFacts {
  readonly column: TableColumn;
  /** Rows that have a value. */
  readonly present: number;
  /** Different values: exact in one file, of several the sum of what each has. */
  readonly distinct: number;
  /** Whether there is one value, or none. */
  readonly isConstant: boolean;
  /** Characters of a value as text, on average. */
  readonly length: number;
  /** Whether values only rise, or only fall, from row to row; where that is known. */
  readonly isMonotone: boolean;
}

/** Below so many rows nothing is seen of how a column repeats itself. */
export const fewest = 20;

/** @throws the reason of the signal, when it is aborted */
export async function columnFacts(
  tables: readonly [Table, ...Table[]],
  columns: readonly TableColumn[],
  signal?: AbortSignal,
): Promise<ColumnFacts[]> {
  const asked = columns.map((column) => ({
    ...{ column, present: countOf(column), distinct: distinctOf(column), ends: endsOf(column) },
    characters: charactersOf(column),
  }));
  const metrics = asked.flatMap(({ present: count, distinct, ends, characters }) => [
    count,
    distinct,
    ends,
    characters,
  ]);
  const found = await measure(tables, metrics, signal === undefined ? {} : { signal });
  const facts: ColumnFacts[] = [];
  for (const each of asked) {
    signal?.throwIfAborted();
    const [count, distinct, ends] = [found.get(each.present), found.get(each.distinct), found.get(each.ends)];
    facts.push({
      ...{ column: each.column, present: count, distinct, isConstant: ends === undefined || ends[0] === ends[1] },
      length: count === 0 ? 0 : found.get(each.characters) / count,
      isMonotone: distinct === count && count >= fewest && (await isMonotone(tables, each.column)),
    });
  }
  return facts;
}

/** Thousands of FILTERs take engines long to plan. */
function countOf({ value }: TableColumn): Aggregate<number, number> {
  return {
    kind: 'aggregate',
    key: `values ${value}`,
    expressions: () => [`count(${value})`],
    read: ([count]) => Number(count),
    merge: (one, other) => one + other,
    value: (state) => state,
  };
}

function distinctOf({ value }: TableColumn): Aggregate<number, number> {
  return {
    kind: 'aggregate',
    key: `distinct in each file ${value}`,
    expressions: () => [`count(DISTINCT ${value})`],
    read: ([count]) => Number(count),
    merge: (one, other) => one + other,
    value: (state) => state,
  };
}

type Ends = readonly [least: string, greatest: string] | undefined;

function endsOf({ value, type }: TableColumn): Aggregate<Ends, Ends> {
  return {
    kind: 'aggregate',
    key: `ends as texts ${value}`,
    expressions({ engine: { dialect } }) {
      const text = dialect.text(value, type);
      return [`min(${text})`, `max(${text})`];
    },
    read: ([least, greatest]) =>
      typeof least === 'string' && typeof greatest === 'string' ? [least, greatest] : undefined,
    merge: (one, other) =>
      one === undefined || other === undefined
        ? (one ?? other)
        : [one[0] < other[0] ? one[0] : other[0], one[1] > other[1] ? one[1] : other[1]],
    value: (state) => state,
  };
}

function charactersOf({ value, type }: TableColumn): Aggregate<bigint, number> {
  return {
    kind: 'aggregate',
    key: `characters ${value}`,
    expressions: ({ engine: { dialect } }) => [dialect.exactSum(dialect.length(dialect.text(value, type)))],
    read: ([sum]) => BigInt(String(sum ?? 0)),
    merge: (one, other) => one + other,
    value: Number,
  };
}

/** Of whole numbers in files whose rows are numbered. */
async function isMonotone(tables: readonly [Table, ...Table[]], column: TableColumn): Promise<boolean> {
  if (column.type !== 'integer') return false;
  const directions = new Set<string>();
  for (const { engine, relation, rowNumber } of tables) {
    if (rowNumber === undefined) return false;
    const before = `lag(${column.value}) OVER (ORDER BY ${rowNumber})`;
    const steps = `(SELECT ${column.value} AS held_value, ${before} AS held_before FROM ${relation} WHERE ${column.value} IS NOT NULL) AS steps`;
    const [row = []] = await engine.rows(
      `SELECT count(CASE WHEN held_value > held_before THEN 1 END), count(CASE WHEN held_value < held_before THEN 1 END) FROM ${steps}`,
    );
    if (Number(row[0]) > 0) directions.add('up');
    if (Number(row[1]) > 0) directions.add('down');
  }
  return directions.size < 2;
}
