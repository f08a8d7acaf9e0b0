import type { Cell, Table } from '@holdfast/dataset';
import { asNumbers, type ColumnPair, type Tables } from './column-pairs.ts';
import { columnNamed, rowHash } from './values.ts';

/** Some rows of a table by columns: numbers as float64 (NaN where there is none), categories as text (null where there is none). */
export interface SampledRows {
  readonly rows: number;
  readonly columns: readonly SampledColumn[];
}

export type SampledColumn =
  | { readonly name: string; readonly kind: 'numeric'; readonly values: Float64Array }
  | { readonly name: string; readonly kind: 'categorical'; readonly values: readonly (string | null)[] };

/** Characters of a category that tell it apart in a sample. */
const longest = 200;

/** The rows with the smallest hashes, in that order: the same ones whatever the order and the parts are read in. */
export async function sampledRows(
  tables: Tables,
  pairs: readonly ColumnPair[],
  { most, seed, signal }: { readonly most: number; readonly seed: number; readonly signal: AbortSignal },
): Promise<SampledRows> {
  const found: (readonly Cell[])[] = [];
  for (const [part, table] of tables.entries()) {
    signal.throwIfAborted();
    found.push(...(await table.engine.rows(questionOf(table, pairs, rowHash(table, part, seed), most))));
  }
  const hashOf = ([hash]: readonly Cell[]): bigint => BigInt(hash as number | bigint);
  const rows = found.sort((one, other) => (hashOf(one) < hashOf(other) ? -1 : 1)).slice(0, most);
  return {
    rows: rows.length,
    columns: pairs.map(({ name, kind }, at) => {
      const cells = rows.map((row) => row[at + 1] ?? null);
      return kind === 'numeric'
        ? { name, kind, values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) }
        : { name, kind, values: cells.map((cell) => (cell === null ? null : String(cell))) };
    }),
  };
}

function questionOf(table: Table, pairs: readonly ColumnPair[], hash: string, most: number): string {
  const { dialect } = table.engine;
  const values = pairs.map(({ name, kind }) => {
    const column = columnNamed(table, name);
    return kind === 'numeric'
      ? dialect.double(asNumbers(dialect, column).value)
      : `substring(${dialect.text(column.value, column.type)}, 1, ${longest})`;
  });
  const named = values.map((value, at) => `${value} AS c${at}`);
  return `SELECT ${[`${hash} AS h`, ...named].join(', ')} FROM ${table.relation} ORDER BY h LIMIT ${most}`;
}
