import type { ColumnType, Table, TableColumn } from '@holdfast/dataset';
import { openPostgresTable } from '@holdfast/dataset';
import pg from 'pg';

const types: Partial<Record<ColumnType, string>> = {
  ...{ integer: 'bigint', number: 'double precision', boolean: 'boolean', bytes: 'bytea' },
  ...{ date: 'date', time: 'time', timestamp: 'timestamp' },
};

/** The column that stands for the number of a row: the primary key. */
export const rowKey = 'row of the file';

function typeOf({ type, native }: TableColumn): string {
  if (/ZONE/.test(native)) return 'timestamptz';
  if (native === 'FLOAT' || native === 'INTEGER' || native === 'SMALLINT') return native === 'FLOAT' ? 'real' : native;
  return type === 'decimal' ? native.replace('DECIMAL', 'numeric') : (types[type] ?? 'text');
}

/** A table of DuckDB in PostgreSQL, with the numbers of its rows for a primary key. */
export async function inPostgres(table: Table, url: string, name: string): Promise<Table> {
  const { dialect } = table.engine;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const columns = table.columns.map((column) => `${quoted(column.name)} ${typeOf(column)}`);
  await client.query(
    `CREATE TABLE ${quoted(name)} (${[...columns, `${quoted(rowKey)} bigint PRIMARY KEY`].join(', ')})`,
  );
  const texts = table.columns.map(({ value, type }) => dialect.text(value, type));
  const typed = table.columns.map((column, index) =>
    column.type === 'bytes' ? `decode(c${index}, 'hex')` : `c${index}::${typeOf(column)}`,
  );
  const given = [...typed, 'n'].map((_, index) => `$${index + 1}::text[]`);
  const names = [...typed.map((_, index) => `c${index}`), 'n'];
  const sql = `INSERT INTO ${quoted(name)} SELECT ${[...typed, 'n::bigint'].join(', ')} FROM unnest(${given.join(', ')}) AS u(${names.join(', ')})`;
  const asked = `SELECT ${[...texts, table.rowNumber ?? ''].join(', ')} FROM ${table.relation}`;
  for await (const part of table.engine.stream(asked)) await client.query(sql, part);
  await client.end();
  return openPostgresTable({ connection: url, table: name });
}

/** The same without the key, for what is about the columns of a table. */
export const withoutKey = (table: Table): Table => ({
  ...table,
  ...{ keys: [], columns: table.columns.filter(({ name }) => name !== rowKey) },
});
