import type { Tables } from '../drift/column-pairs.ts';
import { rowsOf } from '../drift/values.ts';
import { DataError } from '../errors.ts';
import { countWhere, present } from '../metrics/count.ts';
import { measure } from '../metrics/measure.ts';

/** Rows between two edges of a column: from ≤ value < to, the last one with its upper edge; `null` where there is no end. */
export interface RangeCount {
  readonly from: number | null;
  readonly to: number | null;
  readonly rows: number;
}

export interface RangeCoverage {
  readonly column: string;
  readonly ranges: readonly RangeCount[];
  /** Rows whose value lies in no range, and those without one. */
  readonly outside: number;
  readonly missing: number;
}

/**
 * @param ranges edges by the name of a column
 * @throws DataError HF_DATA_OPTIONS if there is no such column of numbers, or edges do not ascend
 */
export async function rangeCoverages(
  tables: Tables,
  ranges: Readonly<Record<string, readonly (number | null)[]>>,
  signal: AbortSignal,
): Promise<RangeCoverage[]> {
  const asked = Object.entries(ranges).map(([column, edges]) => ({
    column,
    edges,
    ...questionsOf(tables[0], column, edges),
  }));
  const all = asked.flatMap(({ counts, some }) => [...counts, some]);
  const found = await measure(tables, all, { signal });
  const rows = rowsOf(tables);
  return asked.map(({ column, edges, counts, some }) => {
    const counted = counts.map((metric, at) => ({
      ...{ from: edges[at] ?? null, to: edges[at + 1] ?? null },
      rows: found.get(metric),
    }));
    const inside = counted.reduce((sum, each) => sum + each.rows, 0);
    const there = found.get(some);
    return { column, ranges: counted, outside: there - inside, missing: rows - there };
  });
}

function questionsOf({ columns, engine }: Tables[0], column: string, edges: readonly (number | null)[]) {
  const known = columns.find(({ name }) => name === column);
  if (known === undefined || !['integer', 'decimal', 'number'].includes(known.type)) {
    throw refused(`there is no column of numbers \`${column.slice(0, 200)}\``);
  }
  requireAscending(column, edges);
  const { dialect } = engine;
  const value = dialect.double(known.value, known.type);
  const counts = edges.slice(1).map((to, at) => {
    const from = edges[at] ?? null;
    const isLast = at === edges.length - 2;
    const ends = [
      ...(from === null ? [] : [`${value} >= ${dialect.double(dialect.literal(from))}`]),
      ...(to === null ? [] : [`${value} ${isLast ? '<=' : '<'} ${dialect.double(dialect.literal(to))}`]),
    ];
    return countWhere(ends.length === 0 ? `${value} IS NOT NULL` : ends.join(' AND '));
  });
  return { counts, some: present(known) };
}

function requireAscending(column: string, edges: readonly (number | null)[]): void {
  const shown = column.slice(0, 200);
  if (edges.slice(1, -1).includes(null))
    throw refused(`only the first and the last edge of \`${shown}\` can be open (null)`);
  const numbers = edges.filter((edge) => edge !== null);
  if (numbers.every((edge, at) => at === 0 || edge > (numbers[at - 1] ?? 0))) return;
  throw refused(`the edges of \`${shown}\` do not ascend`);
}

const refused = (message: string): DataError => new DataError('HF_DATA_OPTIONS', message, { where: 'ranges' });
