import { resolve } from 'node:path';
import type * as DuckDB from '@duckdb/node-api';
import { loadDuckDb } from './engine/load-duckdb.ts';
import { DatasetError, shown } from './errors.ts';

/** How a table lies in a file. */
export interface TableFormat {
  readonly format: 'csv' | 'parquet' | 'json-lines';
  readonly names?: readonly string[];
  readonly separator: string;
}

/** A row, or a part of the rows, as texts; null where a value is missing. */
export type Texts = readonly (string | null)[];

interface Described {
  readonly name: string;
  readonly type: string;
}

/** A table in a file, read by DuckDB as texts, so that no value depends on what a sample of the rows looks like. */
export class TextTable {
  readonly names: readonly string[];
  readonly #instance: DuckDB.DuckDBInstance;
  readonly #connection: DuckDB.DuckDBConnection;
  readonly #columns: readonly Described[];
  readonly #source: string;
  readonly #isJson: boolean;
  readonly #path: string;

  private constructor(
    engine: { instance: DuckDB.DuckDBInstance; connection: DuckDB.DuckDBConnection },
    columns: readonly Described[],
    source: string,
    from: { path: string; isJson: boolean },
  ) {
    this.#instance = engine.instance;
    this.#connection = engine.connection;
    this.#columns = columns;
    this.#source = source;
    this.#isJson = from.isJson;
    this.#path = from.path;
    this.names = columns.map(({ name }) => name);
  }

  /** @throws DatasetError HF_DATASET_ENGINE, HF_DATASET_FORMAT, HF_DATASET_OPTIONS */
  static async open(path: string, format: TableFormat): Promise<TextTable> {
    const source = sourceOf(path, format);
    const engine = await engineFor(path);
    try {
      const reader = await engine.connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`);
      const columns = (reader.getRowsJson() as string[][]).map(([name = '', type = '']) => ({ name, type }));
      return new TextTable(engine, columns, source, { path, isJson: format.format === 'json-lines' });
    } catch (cause) {
      close(engine);
      throw refusal(path, cause);
    }
  }

  /**
   * The values of some columns, in the order of the rows, some thousand rows at a time.
   * @throws DatasetError HF_DATASET_FORMAT, HF_DATASET_TYPE if a column holds lists or records
   */
  async *parts(names: readonly string[]): AsyncGenerator<readonly Texts[]> {
    const wanted = names.map((name) => this.#expression(name));
    try {
      const result = await this.#connection.stream(`SELECT ${wanted.join(', ')} FROM ${this.#source}`);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield names.map((_, index) => chunk.getColumnValues(index) as Texts);
      }
    } catch (cause) {
      throw cause instanceof DatasetError ? cause : refusal(this.#path, cause);
    }
  }

  #expression(name: string): string {
    const column = `"${name.replaceAll('"', '""')}"`;
    if (this.#isJson) {
      const nested = `error('nested values in the column ' || ${quoted(name)})`;
      return `CASE WHEN json_type(${column}) IN ('OBJECT', 'ARRAY') THEN ${nested} ELSE ${column}->>'$' END`;
    }
    const type = this.#columns.find((each) => each.name === name)?.type ?? '';
    if (/[[(]|^(?:STRUCT|MAP|UNION|BLOB|VARIANT)/.test(type) && !type.startsWith('DECIMAL')) {
      const message = `the column ${shown(name)} holds ${type.slice(0, 40)}, in ${shown(this.#path)}`;
      throw new DatasetError('HF_DATASET_TYPE', message, { where: this.#path });
    }
    const text = `CAST(${column} AS VARCHAR)`;
    return type === 'DOUBLE' || type === 'FLOAT' ? `CASE WHEN isnan(${column}) THEN NULL ELSE ${text} END` : text;
  }

  close(): void {
    close({ instance: this.#instance, connection: this.#connection });
  }
}

function close(engine: { instance: DuckDB.DuckDBInstance; connection: DuckDB.DuckDBConnection }): void {
  engine.connection.closeSync();
  engine.instance.closeSync();
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Folders like `x=1` on the way to a file are no columns of it. */
const ownColumns = 'hive_partitioning = false';

/** The table function of DuckDB that reads the file, with nothing left for it to guess that values depend on. */
function sourceOf(path: string, { format, names, separator }: TableFormat): string {
  if (/[*?[\]\0]/.test(path)) {
    const message = `a path that holds \`*\`, \`?\` or \`[\` cannot be a table's: ${shown(path)}`;
    throw new DatasetError('HF_DATASET_OPTIONS', message, { where: path });
  }
  const file = quoted(resolve(path));
  if (format === 'parquet') return `read_parquet(${file}, ${ownColumns})`;
  if (format === 'json-lines') {
    return `read_json(${file}, format = 'newline_delimited', maximum_depth = 1, sample_size = -1, ${ownColumns})`;
  }
  const columns = names?.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ');
  const header =
    columns === undefined ? 'header = true' : `header = false, auto_detect = false, columns = {${columns}}`;
  return `read_csv(${file}, ${header}, delim = ${quoted(separator)}, quote = '"', escape = '"', all_varchar = true, skip = 0, comment = '', sample_size = -1, strict_mode = true, null_padding = false, ignore_errors = false, ${ownColumns})`;
}

/** DuckDB in memory, which can open this one file, write none, and load nothing from elsewhere. */
async function engineFor(
  path: string,
): Promise<{ instance: DuckDB.DuckDBInstance; connection: DuckDB.DuckDBConnection }> {
  const { DuckDBInstance } = await loadDuckDb();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '1GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET temp_directory = ''");
  await connection.run(`SET allowed_paths = [${quoted(resolve(path))}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return { instance, connection };
}

/** The first line of what DuckDB says, without the path and the SQL. */
function refusal(path: string, cause: unknown): DatasetError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const nested = /nested values in the column .*/.exec(text)?.[0];
  if (nested !== undefined) {
    return new DatasetError('HF_DATASET_TYPE', `${shown(path)} holds ${nested.slice(0, 120)}`, { where: path, cause });
  }
  const line = (text.split('\n')[0] ?? '').replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, 200);
  return new DatasetError('HF_DATASET_FORMAT', `${shown(path)} is not a table that can be read: ${line}`, {
    where: path,
    cause,
  });
}
