import { type RunningPostgres, startPostgres } from '@holdfast/testkit/postgres';
import type { Judged } from '../../src/validate/run-suite.ts';
import { inPostgres, rowKey, withoutKey } from './in-postgres.ts';
import { casesOf, type RecordedCase, RecordedTables } from './recorded.ts';

const files = [
  ...['ranges', 'sets', 'statistics', 'table', 'order', 'pairs', 'multicolumn', 'distribution', 'types', 'queries'],
  ...['text-formats', 'like', 'regex', 'times', 'parameters', 'conditions', 'formats'],
];

export const everyCase = (): readonly RecordedCase[] => files.flatMap(casesOf);

/** What PostgreSQL cannot answer as DuckDB does, by the names of the recorded cases, and why. */
export const engineDifferences: readonly { readonly name: RegExp; readonly why: string }[] = [
  {
    name: /(dateutil_parseable|strftime_format) of people: born$/,
    why: 'the dates of a CSV file are texts as well; in a database a date has never been one',
  },
  {
    name: /a_to_be_greater_than_b of stamps: nano zoned$/,
    why: 'PostgreSQL has no nanoseconds, which DuckDB does not compare with times of a zone',
  },
  {
    name: /of mixed: pandas index > 3$/,
    why: '`index` is the number of a row in a file, which a database does not have',
  },
];

export const isKnown = ({ name }: { readonly name: string }): boolean =>
  engineDifferences.some((each) => each.name.test(name));

/** What one engine says, to be held against what another says: outcome, counts, observed value, which rows. */
export function answer({ outcome, rows }: Judged): string {
  if (outcome === undefined) return 'unanswered';
  const { success, counts, observed } = outcome;
  const found = rows.map(({ row, keys }) => Number(row ?? keys[rowKey]));
  return JSON.stringify({ success, counts, observed, rows: found }, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
}

/** A case to which the engines do not give the same answer. */
export interface Differing {
  readonly name: string;
  readonly duckdb: string;
  readonly postgres: string;
  readonly reason: string | undefined;
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

  async differing(cases: readonly RecordedCase[]): Promise<readonly Differing[]> {
    const found = [];
    for (const each of cases) {
      // the key is a column more, which is seen only by what is about the columns of a table
      const isAboutColumns = /^expect_table_column|^expect_column_to_exist|quer/.test(each.expectation.type);
      const there = isAboutColumns ? this.#bare : this.#keyed;
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
