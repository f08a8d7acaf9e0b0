import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openPostgresTable, openTable, type Table } from '@holdfast/dataset';
import { needsPostgres, type RunningPostgres, startPostgres } from '@holdfast/testkit/postgres';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { type Judged, runSuite } from '../../src/validate/run-suite.ts';
import { parseSuite } from '../../src/validate/suite.ts';
import { answer, Engines, everyCase, isKnown } from './engines.ts';
import { isSlow } from './formats.ts';
import { inPostgres, withoutKey } from './in-postgres.ts';
import { comparable, oursComparable, type RecordedCase, recordings } from './recorded.ts';

const published = process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');

let server: RunningPostgres | undefined;
afterAll(async () => server?.stop());

const isAboutPatterns = ({ expectation }: RecordedCase): boolean => expectation.type.includes('regex');

test('some of the recorded cases have the same answer on DuckDB and PostgreSQL; all have in the longer tests', {
  timeout: 60_000,
}, async (context) => {
  needsPostgres(context);
  const engines = await Engines.start();
  const some = everyCase().filter(
    (each, index) => index % 16 === 0 && !(isAboutPatterns(each) && isSlow(each)) && !isKnown(each),
  );
  expect(some.length).toBeGreaterThan(100);
  expect(await engines.differing(some)).toEqual([]);
  await engines.close();
});

async function judgeAll(table: Table, some: readonly RecordedCase[]): Promise<readonly Judged[]> {
  return runSuite([table], parseSuite(JSON.stringify({ expectations: some.map((each) => each.expectation) })));
}

interface Published {
  readonly file: string;
  readonly columns?: readonly string[];
  readonly cases: readonly RecordedCase[];
}

/** What cannot be said of these tables, and what only of a file, whose dates are texts as well: type and column. */
const unsaid: Readonly<
  Record<string, { readonly anywhere: readonly string[]; readonly inPostgres: readonly string[] }>
> = {
  recidivism: {
    anywhere: ['strftime_format of c_jail_in'],
    inPostgres: ['strftime_format of dob', 'dateutil_parseable of screening_date'],
  },
};

/** Of each expectation what came of it, or that it is one of those left. */
const unless = (left: readonly string[], said: (index: number) => string, cases: readonly RecordedCase[]): string[] =>
  cases.map(({ expectation: { type, kwargs } }, index) => {
    const name = `${type} of ${String(kwargs['column'] ?? kwargs['column_B'])}`;
    return left.some((end) => name.endsWith(end)) ? 'left' : said(index);
  });

/** Of a database, what is about columns is asked of the table without the key that stands for the numbers of rows. */
async function judgeCopied(copied: Table, cases: readonly RecordedCase[]): Promise<readonly Judged[]> {
  const isAboutColumns = ({ expectation: { type } }: RecordedCase): boolean => type.startsWith('expect_table_column');
  const found = new Map<RecordedCase, Judged>();
  for (const [table, some] of [
    [withoutKey(copied), cases.filter(isAboutColumns)],
    [copied, cases.filter((each) => !isAboutColumns(each))],
  ] as const) {
    const judged = await judgeAll(table, some);
    for (const [index, each] of some.entries()) {
      const its = judged[index];
      if (its !== undefined) found.set(each, its);
    }
  }
  return cases.flatMap((each) => found.get(each) ?? []);
}

test.for([
  ['census', 33],
  ['credit', 23],
  ['recidivism', 23],
] as const)(
  'the suite of %s has the counts of Great Expectations on DuckDB and on PostgreSQL',
  {
    timeout: 60_000,
  },
  async ([name, count], context) => {
    needsPostgres(context);
    const { file, columns, cases } = JSON.parse(readFileSync(join(recordings, `${name}.json`), 'utf8')) as Published;
    const path = join(published, file);
    if (!existsSync(path)) context.skip(`needs ${file}`);
    server ??= await startPostgres();
    const table = await openTable(path, { threads: 1, ...(columns === undefined ? {} : { names: columns }) });
    const copied = await inPostgres(table, server.url, name);
    const { anywhere = [], inPostgres: there = [] } = unsaid[name] ?? {};
    const [ours, its] = [await judgeAll(table, cases), await judgeCopied(copied, cases)];
    const left = [...anywhere, ...there];
    const recorded = cases.map((each) => comparable(each.pandas, each));
    const all = (judged: readonly Judged[], say: (one: Judged) => string, but: readonly string[]): string[] =>
      unless(
        but,
        (index) =>
          judged
            .slice(index, index + 1)
            .map(say)
            .join(),
        cases,
      );
    expect(ours).toHaveLength(count);
    expect(all(ours, oursComparable, anywhere)).toEqual(unless(anywhere, (index) => recorded[index] ?? '', cases));
    expect(all(its, oursComparable, left)).toEqual(unless(left, (index) => recorded[index] ?? '', cases));
    expect(all(its, answer, left)).toEqual(all(ours, answer, left));
    for (const each of [table, copied]) await each.close();
  },
);

async function made(sql: string): Promise<string> {
  server ??= await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(sql);
  await client.end();
  return server.url;
}

const suite = parseSuite(
  JSON.stringify({
    expectations: [
      { type: 'expect_column_values_to_be_increasing', kwargs: { column: 'v' } },
      { type: 'expect_compound_columns_to_be_unique', kwargs: { column_list: ['v', 'w'] } },
    ],
  }),
);

test('several keys put the rows in order, and are shown of those that do not fit', async (context) => {
  needsPostgres(context);
  const rows = `('b', 1, 3, 'x'), ('a', 2, 2, 'x'), ('a', 1, 5, NULL), ('B', 1, 3, 'x')`;
  const connection = await made(
    `CREATE TABLE two (k text, n int, v int, w text, PRIMARY KEY (k, n)); INSERT INTO two VALUES ${rows}`,
  );
  const table = await openPostgresTable({ connection, table: 'two' });
  const [rising, unique] = await runSuite([table], suite);
  // by code points: B1 = 3, a1 = 5, a2 = 2, b1 = 3
  expect(rising?.outcome?.counts).toEqual({ elements: 4, missing: 0, unexpected: 1 });
  expect(rising?.rows).toEqual([{ keys: { k: 'a', n: 2 }, values: { v: 2 } }]);
  expect(unique?.outcome?.counts).toEqual({ elements: 4, missing: 0, unexpected: 2 });
  expect(unique?.rows.map(({ keys }) => keys)).toEqual([
    { k: 'B', n: 1 },
    { k: 'b', n: 1 },
  ]);
  await table.close();
});

test('without keys there is no order, and nothing is said', async (context) => {
  needsPostgres(context);
  const connection = await made('CREATE TABLE bare (v int, w text); INSERT INTO bare VALUES (1, NULL), (2, NULL)');
  const table = await openPostgresTable({ connection, table: 'bare' });
  const judged = await runSuite([table], suite);
  for (const { outcome, reason } of judged) {
    expect(outcome).toBeUndefined();
    expect(reason).toBe('the rows of this table have neither numbers nor keys');
  }
  await table.close();
});

test.for([
  ['a name that is there twice', "('a', 1), ('a', 2)", ['name']],
  ['a missing value', '(NULL, 1), (NULL, 1)', ['name', 'n']],
] as const)('keys with %s do not tell rows apart', async ([, values, keys], context) => {
  needsPostgres(context);
  const table = `twice${keys.length}`;
  const connection = await made(`CREATE TABLE ${table} (name text, n int); INSERT INTO ${table} VALUES ${values}`);
  await expect(openPostgresTable({ connection, table, keys })).rejects.toMatchObject({
    code: 'HF_DATASET_COLUMN',
    message: expect.stringContaining('do not tell the rows') as unknown,
  });
});
