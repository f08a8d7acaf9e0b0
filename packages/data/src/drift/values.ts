import type { Table, TableColumn } from '@holdfast/dataset';
import type { Tables } from './column-pairs.ts';
import { asNumbers } from './column-pairs.ts';

/** Hashes are whole numbers below this. */
const hashes = 2n ** 60n;

/** What row a row is, the same on every engine: its part and its number or its keys, and the seed. */
export function rowHash({ engine: { dialect }, rowNumber, keys, columns }: Table, part: number, seed: number): string {
  const told = keys.length > 0 ? columns.filter(({ name }) => keys.includes(name)) : columns;
  const texts =
    rowNumber === undefined
      ? told.map(({ value, type }) => `coalesce(${dialect.text(value, type)}, '')`)
      : [dialect.text(rowNumber, 'integer')];
  return dialect.hash([dialect.literal(`${seed} ${part} `), ...texts].join(` || ${dialect.literal('\u001f')} || `));
}

/** Rows in all parts. */
export const rowsOf = (tables: Tables): number => tables.reduce((sum, { rows }) => sum + rows, 0);

/**
 * The finite values of a column as float64, sorted.
 * @param most of a table with more rows, about so many are taken: those whose hash is below a bound
 */
export async function sortedValues(
  tables: Tables,
  name: string,
  { most, seed, signal }: { readonly most: number; readonly seed: number; readonly signal: AbortSignal },
): Promise<Float64Array> {
  const rows = rowsOf(tables);
  let values = new Float64Array(Math.min(rows, Math.ceil(most * 1.1) + 1000));
  let count = 0;
  for (const [part, table] of tables.entries()) {
    const { engine, relation } = table;
    const column = asNumbers(engine.dialect, columnNamed(table, name));
    const bound = (hashes * BigInt(most)) / BigInt(Math.max(1, rows));
    const among = rows > most ? ` AND ${rowHash(table, part, seed)} < ${bound}` : '';
    const value = engine.dialect.double(column.value);
    for await (const [cells = []] of engine.stream(
      `SELECT ${value} FROM ${relation} WHERE ${value} IS NOT NULL${among}`,
    )) {
      signal.throwIfAborted();
      if (count + cells.length > values.length) values = grown(values, count + cells.length);
      for (const cell of cells) values[count++] = Number(cell);
    }
  }
  return values.subarray(0, count).sort();
}

function grown(values: Float64Array, least: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(Math.max(least, values.length * 2));
  larger.set(values);
  return larger;
}

export function columnNamed({ columns }: Table, name: string): TableColumn {
  const found = columns.find((column) => column.name === name);
  if (found === undefined) throw new Error(`there is no column ${name}`);
  return found;
}
