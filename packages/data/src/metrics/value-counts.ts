import type { Cell, TableColumn } from '@holdfast/dataset';
import type { Question } from './metric.ts';

/** So many different values are counted each; of more, the most frequent. */
export const valueBound = 65_536;
/** Code points of a value that are kept; what is longer is told apart by its hash. */
export const shownLength = 160;

/** How often a value is there. */
export interface ValueCount {
  /** The first {@link shownLength} code points of it, as text. */
  readonly text: string;
  /** In those parts of the table that reported it. */
  readonly count: number;
  /** At most so many more in parts that have too many values to report them all. */
  readonly slack: number;
  readonly isCut: boolean;
}

export interface ValueCounts {
  /** By the value as text; by its hash where it is long. */
  readonly values: ReadonlyMap<string, ValueCount>;
  /** Whether no value is left out. */
  readonly isWhole: boolean;
  /** What is left out is there at most so often. */
  readonly unseen: number;
}

/** The values of a column and how often each is there, at most {@link valueBound} of them, the most frequent ones. */
export function valueCounts(column: TableColumn): Question<ValueCounts, ValueCounts> {
  return {
    kind: 'question',
    key: `values of ${column.value}`,
    sql(table) {
      const { dialect } = table.engine;
      const groups = `SELECT ${column.value} AS v, count(*) AS n FROM ${table.relation} WHERE ${column.value} IS NOT NULL GROUP BY ${column.value}`;
      const texts = `SELECT ${dialect.text('v', column.type)} AS t, n FROM (${groups}) AS a`;
      const hash = `CASE WHEN ${dialect.length('t')} > ${shownLength} THEN ${dialect.hash('t')} END`;
      return `SELECT substring(t, 1, ${shownLength}), ${hash}, n FROM (${texts}) AS b ORDER BY n DESC, ${dialect.order('t', 'text', 'ascending')} LIMIT ${valueBound + 1}`;
    },
    read: countsOf,
    merge: mergeCounts,
    value: (state) => state,
  };
}

function countsOf(rows: readonly (readonly Cell[])[]): ValueCounts {
  const values = new Map<string, ValueCount>();
  for (const [text, hash, count] of rows.slice(0, valueBound)) {
    const key = hash === null ? String(text) : `${String(text)}\u0000${String(hash)}`;
    // Two values of one text, such as 0 and -0 in some engine, are one.
    const known = values.get(key)?.count ?? 0;
    values.set(key, { text: String(text), count: known + Number(count), slack: 0, isCut: hash !== null });
  }
  const [, , next] = rows[valueBound] ?? [];
  return { values, isWhole: next === undefined, unseen: Number(next ?? 0) };
}

function mergeCounts(one: ValueCounts, other: ValueCounts): ValueCounts {
  const all = new Map<string, ValueCount>();
  for (const [key, value] of [...one.values, ...other.values]) {
    if (all.has(key)) continue;
    const [here, there] = [one.values.get(key), other.values.get(key)];
    const slack = (here?.slack ?? one.unseen) + (there?.slack ?? other.unseen);
    all.set(key, { ...value, count: (here?.count ?? 0) + (there?.count ?? 0), slack });
  }
  const unseen = one.unseen + other.unseen;
  const isWhole = one.isWhole && other.isWhole;
  if (all.size <= valueBound) return { values: all, isWhole, unseen };
  const most = ([, value]: [string, ValueCount]): number => value.count + value.slack;
  const sorted = [...all].sort((a, b) => most(b) - most(a) || (a[0] < b[0] ? -1 : 1));
  const dropped = sorted[valueBound];
  return {
    values: new Map(sorted.slice(0, valueBound)),
    isWhole: false,
    unseen: Math.max(unseen, dropped === undefined ? 0 : most(dropped)),
  };
}

export interface TopValues {
  readonly values: readonly Pick<ValueCount, 'text' | 'count' | 'isCut'>[];
  /** Whether these are the most frequent ones and the counts are exact: more than a sketch of many parts can say. */
  readonly isExact: boolean;
}

/** The most frequent values, most first; of equal counts by code points. */
export function topValues({ values, unseen, isWhole }: ValueCounts, count: number): TopValues {
  const sorted = [...values].sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1));
  const top = sorted.slice(0, count).map(([, value]) => value);
  const least = top.at(-1)?.count ?? 0;
  const rival = Math.max(
    isWhole ? 0 : unseen,
    ...sorted.slice(count, count + 1000).map(([, value]) => value.count + value.slack),
  );
  const isExact = top.every(({ slack }) => slack === 0) && (isWhole || least >= rival);
  return { values: top.map(({ text, count: each, isCut }) => ({ text, count: each, isCut })), isExact };
}
