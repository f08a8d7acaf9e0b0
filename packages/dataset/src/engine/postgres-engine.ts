import type { Client } from 'pg';
import { postgres } from '../dialect/postgres.ts';
import { DatasetError } from '../errors.ts';
import type { Cell, Engine } from './engine.ts';
import { loadPostgres } from './load-postgres.ts';

export interface PostgresOptions {
  /** `postgresql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`; what it says stands above the fields. */
  readonly connection?: string;
  readonly host?: string;
  readonly port?: number;
  readonly user?: string;
  /** Never shown, in no message. */
  readonly password?: string;
  readonly database?: string;
  /** Whether the server has to prove who it is over TLS, by the machine's authorities or by these. */
  readonly ssl?: boolean | { readonly ca: string };
  /** Milliseconds that one question may take; an hour unless given. */
  readonly statementTimeout?: number;
}

/** Values as texts make the order, the zone and the notation of a session's user worthless. */
const settings = [
  "SET search_path = 'pg_catalog'",
  "SET DateStyle = 'ISO, YMD'",
  "SET TimeZone = 'UTC'",
  'SET extra_float_digits = 1',
  'SET standard_conforming_strings = on',
  "SET bytea_output = 'hex'",
  // rows that a policy hides would be missing without a word: an error says so
  'SET row_security = off',
  "SET lock_timeout = '30s'",
];
const fetched = 4096;

/**
 * A connection to PostgreSQL in one transaction that reads and sees one state of the database from beginning to end.
 */
export class PostgresEngine implements Engine {
  readonly dialect = postgres;
  readonly #client: Client;
  readonly #password: string;
  #cursors = 0;
  #lost: Error | undefined;

  private constructor(client: Client) {
    this.#client = client;
    this.#password = typeof client.password === 'string' ? client.password : '';
    // a connection that is lost between two questions must not end the process
    client.on('error', (error) => {
      this.#lost = error;
    });
  }

  /** @throws DatasetError HF_DATASET_ENGINE, HF_DATASET_UNREADABLE */
  static async open({ connection, statementTimeout = 3_600_000, ...where }: PostgresOptions): Promise<PostgresEngine> {
    const { Client } = await loadPostgres();
    const engine = new PostgresEngine(
      new Client({
        ...where,
        ...(connection === undefined ? {} : { connectionString: connection }),
        application_name: 'holdfast',
        connectionTimeoutMillis: 30_000,
        types: { getTypeParser: (type: number) => (value: string | Buffer) => cellOf(type, String(value)) },
      }),
    );
    try {
      await engine.#client.connect();
      const timeout = Math.max(1, Math.round(statementTimeout));
      for (const sql of [...settings, `SET statement_timeout = ${timeout}`]) await engine.#client.query(sql);
      await engine.#client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      await engine.#client.query('SAVEPOINT opened');
      return engine;
    } catch (cause) {
      await engine.close();
      throw engine.#error('HF_DATASET_UNREADABLE', 'PostgreSQL does not let us in', cause);
    }
  }

  async rows(sql: string): Promise<Cell[][]> {
    try {
      if (this.#lost !== undefined) throw this.#lost;
      return (await this.#client.query<Cell[]>({ text: sql, rowMode: 'array' })).rows;
    } catch (cause) {
      // after an error a transaction answers nothing more, until it is taken back to before
      await this.#client.query('ROLLBACK TO SAVEPOINT opened').catch(() => undefined);
      throw this.#error('HF_DATASET_QUERY', 'PostgreSQL could not answer', cause);
    }
  }

  async *stream(sql: string): AsyncGenerator<Cell[][]> {
    this.#cursors += 1;
    const cursor = `holdfast_${this.#cursors}`;
    await this.rows(`DECLARE ${cursor} NO SCROLL CURSOR FOR ${sql}`);
    try {
      for (;;) {
        const rows = await this.rows(`FETCH ${fetched} FROM ${cursor}`);
        const [first] = rows;
        if (first === undefined) return;
        yield first.map((_, index) => rows.map((row) => row[index] ?? null));
      }
    } finally {
      // closed already where an error has taken the transaction back
      await this.rows(`CLOSE ${cursor}`).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined);
  }

  #error(code: 'HF_DATASET_QUERY' | 'HF_DATASET_UNREADABLE', what: string, cause: unknown): DatasetError {
    const said =
      cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
    const secret = this.#password === '' ? said : said.replaceAll(this.#password, '…');
    const line = (secret.split('\n')[0] ?? '').replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, 200);
    return new DatasetError(code, `${what}: ${line}`);
  }
}

/** By the numbers of pg_type: 16 bool, 20 int8, 21 int2, 23 int4, 700 float4, 701 float8, 17 bytea, and what has a date. */
function cellOf(type: number, text: string): Cell {
  switch (type) {
    case 16:
      return text === 't';
    case 20:
    case 21:
    case 23:
      return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
    case 700:
      return Math.fround(Number(text));
    case 701:
      return Number(text);
    case 17:
      return text.slice(2);
    case 1082:
    case 1114:
    case 1184:
      return text.replace(/^([^ ]+)(.*) BC$/, '$1 (BC)$2');
    default:
      return text;
  }
}
