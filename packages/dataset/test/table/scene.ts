import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Cell, openTable, type Table, type TableOptions } from '@holdfast/dataset';
import { temporaryFolder } from '@holdfast/testkit';

const folder = temporaryFolder('holdfast-table');
let files = 0;

/** A new file with these bytes. */
export function fileOf(content: string | Uint8Array, name = 'table.csv'): string {
  files += 1;
  const path = join(folder, String(files), name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** What a table looks like to a check: a row is its number and its values as texts. */
export interface Seen {
  readonly columns: Record<string, string>;
  readonly rows: Cell[][];
  readonly total: number;
  readonly defects: string[];
}

/** Opens a table, reads all of it, closes it. */
export async function seen(path: string, options: TableOptions = {}): Promise<Seen> {
  const table = await openTable(path, { threads: 2, memory: '1GB', ...options });
  try {
    return { ...(await read(table)), total: table.total };
  } finally {
    await table.close();
  }
}

export async function read(table: Table): Promise<Omit<Seen, 'total'>> {
  const { dialect } = table.engine;
  const number = table.rowNumber ?? '0';
  const texts = table.columns.map(({ value, type }) => dialect.text(value, type));
  const rows = await table.engine.rows(`SELECT ${[number, ...texts].join(', ')} FROM ${table.relation} ORDER BY 1`);
  return {
    columns: Object.fromEntries(table.columns.map(({ name, type }) => [name, type])),
    rows,
    defects: table.defects.map(
      ({ kind, row, column, isLeftOut }) =>
        `${kind}${row === undefined ? '' : ` row ${row}`}${column === undefined ? '' : ` column ${column}`}${isLeftOut ? ', left out' : ''}`,
    ),
  };
}
