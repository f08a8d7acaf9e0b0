import type { Tables } from '../drift/column-pairs.ts';
import { asNumbers } from '../drift/column-pairs.ts';
import { DataError } from '../errors.ts';
import { countWhere } from '../metrics/count.ts';
import { measure } from '../metrics/measure.ts';

/** Rows between two edges of a column: from ≤ value < to, the last one with its upper edge. */
export interface RangeCount {
  readonly column: string;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
}

/** @throws DataError HF_DATA_OPTIONS if there is no such column of numbers, or edges do not ascend */
export async function rangeCounts(tables: Tables, column: string, edges: readonly number[]): Promise<RangeCount[]> {
  const [{ columns, engine }] = tables;
  const known = columns.find(({ name }) => name === column);
  const shown = column.slice(0, 200);
  if (known === undefined || !['integer', 'decimal', 'number'].includes(known.type)) {
    throw new DataError('HF_DATA_OPTIONS', `there is no column of numbers \`${shown}\``, { where: 'ranges' });
  }
  if (edges.some((edge, at) => at > 0 && !(edge > (edges[at - 1] ?? 0)))) {
    throw new DataError('HF_DATA_OPTIONS', `the edges of \`${shown}\` do not ascend`, { where: 'ranges' });
  }
  const { dialect } = engine;
  const value = dialect.double(asNumbers(dialect, known).value);
  const edge = (at: number): string => dialect.double(dialect.literal(edges[at] ?? 0));
  const asked = edges.slice(1).map((_, at) => {
    const isLast = at === edges.length - 2;
    return countWhere(`${value} >= ${edge(at)} AND ${value} ${isLast ? '<=' : '<'} ${edge(at + 1)}`);
  });
  const found = await measure(tables, asked);
  return asked.map((metric, at) => ({
    ...{ column, from: edges[at] ?? 0, to: edges[at + 1] ?? 0 },
    rows: found.get(metric),
  }));
}
