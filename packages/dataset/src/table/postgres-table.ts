import type { ColumnType } from '../dialect/dialect.ts';
import { postgres } from '../dialect/postgres.ts';
import { PostgresEngine, type PostgresOptions } from '../engine/postgres-engine.ts';
import { DatasetError, shown } from '../errors.ts';
import { postgresType } from './postgres-type.ts';
import { cell, type Table, type TableColumn } from './table.ts';

export interface PostgresTableOptions extends PostgresOptions {
  /** `public` unless given. */
  readonly schema?: string;
  /** A table, a view or what is like one. */
  readonly table: string;
  /** Columns that tell a row apart, which is looked at; those of the primary key unless given. */
  readonly keys?: readonly string[];
}

/**
 * Opens a table of PostgreSQL, in one transaction that only reads and sees one state of it.
 *
 * @example
 * ```ts
 * import { openPostgresTable } from '@holdfast/dataset';
 *
 * const table = await openPostgresTable({ connection: 'postgresql://auditor@db.example/credit', table: 'applicants' });
 * console.log(table.rows, table.keys);
 * await table.close();
 * ```
 *
 * @throws DatasetError HF_DATASET_ENGINE, HF_DATASET_UNREADABLE, HF_DATASET_QUERY, HF_DATASET_COLUMN
 */
export async function openPostgresTable(options: PostgresTableOptions): Promise<Table> {
  const { schema = 'public', table, keys, ...where } = options;
  const engine = await PostgresEngine.open(where);
  try {
    const relation = `${postgres.identifier(schema)}.${postgres.identifier(table)}`;
    const columns = await columnsOf(engine, schema, table);
    const rows = Number(await cell(engine, `SELECT count(*) FROM ${relation}`));
    return {
      ...{ engine, columns, rows, total: rows, defects: [], relation },
      keys: await keysOf(engine, { schema, table, relation, columns, rows }, keys),
      close: async () => engine.close(),
    };
  } catch (cause) {
    await engine.close();
    throw cause;
  }
}

const relationOf = (schema: string, table: string): string =>
  `(SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${postgres.literal(schema)} AND c.relname = ${postgres.literal(table)} AND c.relkind IN ('r', 'v', 'm', 'p', 'f'))`;

async function columnsOf(engine: PostgresEngine, schema: string, table: string): Promise<TableColumn[]> {
  const found = (await engine.rows(
    `SELECT a.attname, CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END, t.typtype
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = ${relationOf(schema, table)} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
  )) as string[][];
  if (found.length > 0) {
    return found.map(([name = '', native = '', kind = '']) => {
      const type = kind === 'c' || kind === 'r' || kind === 'm' ? 'nested' : postgresType(native);
      return { name, native, type, value: valueOf(postgres.identifier(name), type) };
    });
  }
  const message = `there is no table ${shown(table)} with columns in the schema ${shown(schema)}, or it may not be seen`;
  throw new DatasetError('HF_DATASET_UNREADABLE', message);
}

/** NaN is no value; texts are compared by code points, whatever the language of the database. */
function valueOf(quoted: string, type: ColumnType): string {
  if (type === 'number' || type === 'decimal') return `CASE WHEN ${quoted} <> 'NaN' THEN ${quoted} END`;
  return type === 'text' || type === 'nested' ? `(CAST(${quoted} AS text) COLLATE "C")` : quoted;
}

async function primaryKey(engine: PostgresEngine, schema: string, table: string): Promise<string[]> {
  const rows = await engine.rows(
    `SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
      WHERE i.indisprimary AND i.indrelid = ${relationOf(schema, table)} ORDER BY array_position(i.indkey::smallint[], a.attnum)`,
  );
  return rows.map(([name]) => String(name));
}

interface Opened {
  readonly schema: string;
  readonly table: string;
  readonly relation: string;
  readonly columns: readonly TableColumn[];
  readonly rows: number;
}

/** What is told, if it does tell the rows apart; else the primary key, if NaN, which is no value, is not in it. */
async function keysOf(engine: PostgresEngine, opened: Opened, told: readonly string[] | undefined): Promise<string[]> {
  if (told !== undefined) {
    const keys = known(told, opened.columns);
    if (keys.length === 0 || (await isUnique(engine, opened, keys))) return keys.map(({ name }) => name);
    const message = `the columns ${told.map(shown).join(', ')} do not tell the rows of ${shown(opened.table)} apart`;
    throw new DatasetError('HF_DATASET_COLUMN', message);
  }
  const primary = await primaryKey(engine, opened.schema, opened.table);
  const keys = known(primary, opened.columns);
  const isSure = keys.every(({ type }) => type !== 'number' && type !== 'decimal');
  return isSure || (await isUnique(engine, opened, keys)) ? primary : [];
}

/** Whether every row has values of its own, and none of them missing. */
async function isUnique(engine: PostgresEngine, { relation, rows }: Opened, keys: TableColumn[]): Promise<boolean> {
  const values = keys.map(({ value }) => value);
  const present = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  const different = `SELECT 1 FROM ${relation} WHERE ${present} GROUP BY ${values.join(', ')}`;
  return Number(await cell(engine, `SELECT count(*) FROM (${different}) AS a`)) === rows;
}

function known(keys: readonly string[], columns: readonly TableColumn[]): TableColumn[] {
  return keys.map((key) => {
    const found = columns.find(({ name }) => name === key);
    if (found !== undefined) return found;
    throw new DatasetError('HF_DATASET_COLUMN', `there is no column ${shown(key)}, which is to tell rows apart`);
  });
}
