import { startPostgres, type RunningPostgres } from '@holdfast/testkit/postgres';
import type { Judged } from '../../src/validate/run-suite.ts';
import { inPostgres, rowKey, withoutKey } from './in-postgres.ts';
import { casesOf, type RecordedCase, RecordedTables } from './recorded.ts';

const files = [
  ...['ranges', 'sets', 'statistics', 'table', 'order', 'pairs', 'multicolumn', 'distribution', 'types', 'queries'],
  ...['text-formats', 'like', 'regex', 'times', 'parameters', 'conditions', 'formats'],
];

export const everyCase = (): readonly RecordedCase[] => files.flatMap((file) => casesOf(file) ?? []);

/** What one engine says, to be held against what another says. */
export function answer({ outcome, rows }: Judged): string {
  if (outcome === undefined) return 'unanswered';
  const { success, counts, observed } = outcome;
  const found = rows.map(({ row, keys }) => Number(row ?? keys[rowKey]));
  return JSON.stringify({ success, counts, observed, rows: found }, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
}

/** The recorded tables in DuckDB and in PostgreSQL. */
export class Engines {
  readonly #server: RunningPostgres;
  readonly #duckdb = new RecordedTables();
  readonly #keyed: RecordedTables;
  readonly #bare: RecordedTables;

  private constructor(server: RunningPostgres) {
    this.#server = server;
    this.#keyed = new RecordedTables(async (_, name) => inPostgres(await this.#duckdb.table(name), server.url, name));
    this.#bare = new RecordedTables(async (_, name) => withoutKey(await this.#keyed.table(name)));
  }

  static async start(): Promise<Engines> {
    return new Engines(await startPostgres());
  }

  /** Cases to which the two engines do not give the same answer. */
  async differing(cases: readonly RecordedCase[]): Promise<{ name: string; duckdb: string; postgres: string }[]> {
    const found = [];
    for (const each of cases) {
      const { type } = each.expectation;
      const there = /^expect_table_column|quer/.test(type) ? this.#bare : this.#keyed;
      const [ours, theirs] = [await this.#duckdb.judge(each), await there.judge(each)];
      const [duckdb, postgres] = [answer(ours), answer(theirs)];
      if (duckdb !== postgres) found.push({ name: each.name, duckdb, postgres, reason: theirs.reason ?? ours.reason });
    }
    return found;
  }

  async close(): Promise<void> {
    await this.#keyed.close();
    await this.#duckdb.close();
    await this.#server.stop();
  }
}
