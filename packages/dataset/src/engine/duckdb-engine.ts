import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import type * as DuckDB from '@duckdb/node-api';
import { duckdb } from '../dialect/duckdb.ts';
import { DatasetError } from '../errors.ts';
import type { Cell, Engine } from './engine.ts';
import { loadDuckDb } from './load-duckdb.ts';

export interface DuckDbOptions {
  /** The files and folders that it may read; nothing else is opened, whatever the SQL says. */
  readonly readable: readonly string[];
  /** What it may hold in memory, such as `2GB`; more goes to a folder of its own on disk. */
  readonly memory?: string;
  readonly threads?: number;
  /** Whether what a file says of its own values may spare reading them; it may unless this is false. */
  readonly believesStatistics?: boolean;
}

export interface LoadedColumn {
  /** As the engine knows it. */
  readonly name: string;
  readonly type: DuckDB.DuckDBType;
}

export interface LoadedTable {
  readonly name: string;
  readonly columns: readonly LoadedColumn[];
}

export type LoadedPart = readonly (readonly DuckDB.DuckDBValue[])[];

/** DuckDB inside this process, out of core: what does not fit lies in a private folder, which goes when it is closed. */
export class DuckDbEngine implements Engine {
  readonly dialect = duckdb;
  readonly #instance: DuckDB.DuckDBInstance;
  readonly #connection: DuckDB.DuckDBConnection;
  readonly #folder: string;
  #links = 0;
  /** What further connections have to be told. */
  #database: string | undefined;

  private constructor(instance: DuckDB.DuckDBInstance, connection: DuckDB.DuckDBConnection, folder: string) {
    this.#instance = instance;
    this.#connection = connection;
    this.#folder = folder;
  }

  /** @throws DatasetError HF_DATASET_ENGINE */
  static async open({
    readable,
    memory = '2GB',
    threads = availableParallelism(),
    believesStatistics = true,
  }: DuckDbOptions): Promise<DuckDbEngine> {
    const { DuckDBInstance } = await loadDuckDb();
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-data-'));
    const instance = await DuckDBInstance.create(join(folder, 'tables.duckdb'), {
      threads: String(threads),
      memory_limit: memory,
      temp_directory: join(folder, 'spilled'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    const engine = new DuckDbEngine(instance, connection, folder);
    const paths = readable.map((path) => duckdb.literal(resolve(path)));
    const folders = [`${folder}/`].map((path) => duckdb.literal(path));
    await connection.run(`SET allowed_paths = [${paths.join(', ')}]`);
    await connection.run(`SET allowed_directories = [${folders.join(', ')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run("SET GLOBAL TimeZone = 'UTC'");
    if (!believesStatistics) {
      await connection.run(
        "SET disabled_optimizers = 'statistics_propagation,compressed_materialization,filter_pushdown'",
      );
    }
    await connection.run('SET lock_configuration = true');
    return engine;
  }

  /**
   * How the SQL has to name a file that may be read: its own name may be a pattern for many to DuckDB, and a folder `x=1` the value
   * of a column, in place of one that is in the file.
   */
  pathOf(path: string): string {
    const full = resolve(path);
    if (!/[*?[\]{}~%#=]/.test(full)) return full;
    this.#links += 1;
    const link = join(this.#folder, `input-${this.#links}${extname(full).replaceAll(/[^.A-Za-z0-9]/g, '')}`);
    symlinkSync(full, link);
    return link;
  }

  /** A path in its own folder, which it may write to and which goes when it is closed. */
  privatePath(name: string): string {
    return join(this.#folder, name);
  }

  /** Keeps tables that are made from now on in small blocks: of thousands of columns each takes one of its own. */
  async useSmallBlocks(): Promise<void> {
    await this.run(`ATTACH ${duckdb.literal(join(this.#folder, 'wide.duckdb'))} AS wide (BLOCK_SIZE 16384)`);
    await this.#use('wide');
  }

  /** Keeps tables that are made from now on as they are, neither compressed nor written to disk while memory lasts. */
  async useMemory(): Promise<void> {
    await this.run("ATTACH ':memory:' AS held");
    await this.#use('held');
  }

  async #use(database: string): Promise<void> {
    this.#database = `USE ${database}`;
    await this.run(this.#database);
  }

  /** Statements that make a table or a view; for the openers of formats. @throws DatasetError HF_DATASET_QUERY */
  async run(sql: string): Promise<void> {
    await this.#guarded(async () => this.#connection.run(sql));
  }

  /**
   * Makes a table of what a format's own reader gives, in parts of at most 2048 rows, each as columns; several tables are
   * filled side by side, the first one with the first columns.
   * @throws DatasetError HF_DATASET_QUERY
   */
  async load(tables: readonly LoadedTable[], parts: Iterable<LoadedPart> | AsyncIterable<LoadedPart>): Promise<void> {
    const { DuckDBDataChunk } = await loadDuckDb();
    const appenders: { appender: DuckDB.DuckDBAppender; columns: readonly LoadedColumn[] }[] = [];
    try {
      for (const { name, columns } of tables) {
        const definitions = columns.map((column) => `${duckdb.identifier(column.name)} ${String(column.type)}`);
        await this.run(`CREATE TABLE ${duckdb.identifier(name)} (${definitions.join(', ')})`);
        appenders.push({ appender: await this.#connection.createAppender(name), columns });
      }
      for await (const part of parts) {
        const rows = part[0]?.length ?? 0;
        let at = 0;
        for (const { appender, columns } of rows === 0 ? [] : appenders) {
          const some = part.slice(at, (at += columns.length));
          await this.#guarded(async () => {
            const chunk = DuckDBDataChunk.create(
              columns.map(({ type }) => type),
              rows,
            );
            chunk.setColumns(some);
            appender.appendDataChunk(chunk);
            return Promise.resolve();
          });
        }
      }
      for (const { appender } of appenders) {
        await this.#guarded(async () => {
          appender.flushSync();
          return Promise.resolve();
        });
      }
    } finally {
      for (const { appender } of appenders) appender.closeSync();
    }
  }

  async rows(sql: string): Promise<Cell[][]> {
    const reader = await this.#guarded(async () => this.#connection.runAndReadAll(sql));
    return reader.getRows().map((row) => row.map(cellOf));
  }

  /** On a connection of its own, so that questions can be asked meanwhile. */
  async *stream(sql: string): AsyncGenerator<Cell[][]> {
    const connection = await this.#instance.connect();
    try {
      if (this.#database !== undefined) await connection.run(this.#database);
      const result = await this.#guarded(async () => connection.stream(sql));
      for (;;) {
        const chunk = await this.#guarded(async () => result.fetchChunk());
        if (chunk === null || chunk.rowCount === 0) return;
        yield Array.from({ length: chunk.columnCount }, (_, index) => chunk.getColumnValues(index).map(cellOf));
      }
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#folder, { recursive: true, force: true });
    return Promise.resolve();
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      const line = (said.split('\n')[0] ?? '').replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, 200);
      throw new DatasetError('HF_DATASET_QUERY', `DuckDB could not answer: ${line}`, { cause });
    }
  }
}

function cellOf(value: DuckDB.DuckDBValue): Cell {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  // bytes as Dialect.text writes them
  if ('bytes' in value && value.bytes instanceof Uint8Array) return Buffer.from(value.bytes).toString('hex');
  // years before the first are 0, −1, … to DuckDB's client, and (BC) to DuckDB
  return String(value).replace(
    /^(0000|-[0-9]+)(-[0-9]{2}-[0-9]{2})(?= |$)/,
    (_, year: string, day: string) => `${String(1 - Number(year)).padStart(4, '0')}${day} (BC)`,
  );
}
