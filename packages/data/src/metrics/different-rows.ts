import type { TableColumn } from '@holdfast/dataset';
import { countWhere } from './count.ts';
import { extremes } from './extremes.ts';
import type { Aggregate, AnyMetric, Found, Question } from './metric.ts';

/**
 * How many rows of one table (not of parts) differ in some columns; `all` where one of the columns is known to tell all rows
 * apart by itself. Whole numbers that lie close together are told apart by a bit each, all else by grouping.
 */
export function differentRows(
  columns: readonly TableColumn[],
  filter: string,
): Question<number | undefined, number | 'all'> {
  const values = columns.map(({ value }) => value).join(', ');
  const [column] = columns;
  const bits = columns.length === 1 && column?.type === 'integer' ? differentWhole(column, filter) : undefined;
  const alone = columns.length === 1 ? [] : columns.map(toldApart);
  const isToldApart = (found: Found): boolean => alone.some(({ isKnown }) => isKnown(found));
  const counted = (found: Found): number | undefined => (bits === undefined ? undefined : found.get(bits));
  return {
    kind: 'question',
    key: `different ${values} where ${filter}`,
    after: bits === undefined ? [] : [bits],
    eased: alone.flatMap(({ by }) => by),
    sql: ({ relation }, found) =>
      isToldApart(found) || counted(found) !== undefined
        ? undefined
        : `SELECT count(*) FROM (SELECT ${values} FROM ${relation} WHERE ${filter} GROUP BY ${values}) AS a`,
    read: ([row]) => (row === undefined ? undefined : Number(row[0])),
    merge: (one, other) => (one ?? 0) + (other ?? 0),
    value: (state, found) => (isToldApart(found) ? 'all' : (state ?? counted(found) ?? 0)),
  };
}

interface ToldApart {
  readonly by: readonly AnyMetric[];
  readonly isKnown: (found: Found) => boolean;
}

/** Whether a column has as many different values as the table has rows, if that was asked anyway. */
function toldApart(column: TableColumn): ToldApart {
  const [rows, different] = [countWhere(), differentRows([column], `${column.value} IS NOT NULL`)];
  const by = [rows, different];
  return {
    by,
    isKnown: (found) => by.every((metric) => found.has(metric)) && found.get(different) === found.get(rows),
  };
}

/** Whole numbers that may lie between two ends, with a bit for each: 16 MB. */
const mostBits = 2 ** 27;

/** Different values of a column of whole numbers; nothing where they lie too far apart. */
function differentWhole(column: TableColumn, filter: string): Aggregate<number | undefined, number | undefined> {
  const range = extremes(column, filter);
  return {
    kind: 'aggregate',
    key: `different whole ${column.value} where ${filter}`,
    after: [range],
    expressions({ engine: { dialect } }, found) {
      const { least, greatest } = found.get(range) ?? { least: 0, greatest: 0 };
      const isNarrow = Number.isSafeInteger(least) && Number.isSafeInteger(greatest) && greatest - least < mostBits;
      const different = dialect.differentWithin?.(`CASE WHEN ${filter} THEN ${column.value} END`, least, greatest);
      return isNarrow && different !== undefined ? [different] : [];
    },
    read: ([count]) => (count === undefined ? undefined : Number(count)),
    merge: (one, other) => (one ?? 0) + (other ?? 0),
    value: (state) => state,
  };
}
