import { copiedTable, openPostgresTable } from '@holdfast/dataset';
import { needsPostgres, type RunningPostgres, startPostgres } from '@holdfast/testkit/postgres';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { read } from './scene.ts';

let server: RunningPostgres | undefined;
afterAll(async () => server?.stop());

async function scene(context: { skip(note: string): unknown }, sql: string): Promise<string> {
  needsPostgres(context);
  server ??= await startPostgres();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(sql).finally(async () => client.end());
  return server.url;
}

test('a copy has the types, the values and the order of the table', { timeout: 60_000 }, async (context) => {
  const url = await scene(
    context,
    `CREATE DOMAIN rate AS numeric(5,2);
    CREATE TABLE many (id smallint, "ID" integer, big bigint, x double precision, y real, share rate, money numeric, wide numeric(60,2),
      word varchar(9), day date, at timestamptz, local timestamp(3), clock time, zoned timetz, ok boolean, raw bytea, tags text[], doc jsonb, PRIMARY KEY (id));
    INSERT INTO many VALUES
      (2, 7, 9007199254740993, 'NaN', 0.1, 12.5, 1.25, 1, 'b', '0044-03-15 BC', '2024-01-01 00:00+02', '2024-01-01 00:00:00.125', '23:59:59.000001', '12:00+02', true, '\\xff00', '{x}', '{"k":1}'),
      (-1, -7, -1, '-Infinity', 3e38, -0.5, 1000000, 1, '', 'infinity', '0044-03-15 10:00 BC', '-infinity', '00:00', '00:00-11:30', false, '', '{}', 'null'),
      (10, NULL, NULL, NULL, NULL, 'NaN', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
  );
  const table = await openPostgresTable({ connection: url, table: 'many' });
  const besides: unknown[] = [];
  const beside = { expression: '"id" + 1', take: (cells: readonly unknown[]) => besides.push(...cells) };
  const copy = await copiedTable(table, { order: ['"id" ASC'], beside, threads: 2, memory: '256MB' });
  await table.close();
  expect(besides).toEqual([0, 3, 11]);
  expect([copy.rows, copy.total, copy.defects]).toEqual([3, 3, []]);
  expect(Object.fromEntries(copy.columns.map(({ name, native }) => [name, native]))).toEqual({
    ...{ id: 'SMALLINT', ID: 'INTEGER', big: 'BIGINT', x: 'DOUBLE', y: 'FLOAT', share: 'DECIMAL(5,2)' },
    ...{ money: 'DECIMAL(9,2)', wide: 'DECIMAL(3,2)', word: 'VARCHAR', day: 'DATE', at: 'TIMESTAMP WITH TIME ZONE' },
    ...{ local: 'TIMESTAMP', clock: 'TIME', zoned: 'TIME WITH TIME ZONE', ok: 'BOOLEAN', raw: 'BLOB' },
    ...{ tags: 'VARCHAR', doc: 'VARCHAR' },
  });
  expect(copy.columns.filter(({ type }) => type === 'nested').map(({ name }) => name)).toEqual(['tags', 'doc']);
  const { rows } = await read(copy);
  const [first, second, third] = rows;
  expect(first).toEqual([
    ...[1, '-1', '-7', '-1', '-inf', '3e+38', '-0.50', '1000000.00', '1.00', '', 'infinity'],
    ...['0044-03-15 (BC) 10:00:00+00', '-infinity', '00:00:00', '00:00:00-11:30', 'false', '', '{}', 'null'],
  ]);
  expect(second).toEqual([
    ...[2, '2', '7', '9007199254740993', null, '0.1', '12.50', '1.25', '1.00', 'b', '0044-03-15 (BC)'],
    ...['2023-12-31 22:00:00+00', '2024-01-01 00:00:00.125', '23:59:59.000001', '12:00:00+02', 'true', 'ff00', '{x}'],
    '{"k": 1}',
  ]);
  expect(third).toEqual([3, '10', ...Array.from({ length: 17 }, () => null)]);
  await copy.close();
});

test('what DuckDB has no room for is told, and makes no value of its own', { timeout: 60_000 }, async (context) => {
  const url = await scene(
    context,
    `CREATE TABLE beyond (id integer PRIMARY KEY, n numeric, at timestamp, long numeric);
    INSERT INTO beyond VALUES (1, 1, '2024-01-01', 1e40), (2, 'Infinity', '294276-12-31 23:59', 0.5), (3, 2, '294276-12-31', 2)`,
  );
  const table = await openPostgresTable({ connection: url, table: 'beyond' });
  const copy = await copiedTable(table, { order: ['"id" ASC'] });
  expect(copy.defects.map(({ column, row, kind, isLeftOut }) => [column, row, kind, isLeftOut])).toEqual([
    ['long', undefined, 'precision', false],
    ...[
      ['n', 2, 'unreadable', true],
      ['at', 2, 'unreadable', true],
    ],
  ]);
  expect(copy.columns.map(({ type }) => type)).toEqual(['integer', 'decimal', 'timestamp', 'text']);
  const { rows } = await read(copy);
  expect(rows.map((row) => [row[2], row[3]])).toEqual([
    ['1', '2024-01-01 00:00:00'],
    [null, null],
    ['2', null],
  ]);
  await copy.close();
  await expect(copiedTable(table, { order: ['"id"'], signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
    'stop',
  );
  await expect(copiedTable(table, { order: ['1 / ("id" - 1)'] })).rejects.toMatchObject({ code: 'HF_DATASET_QUERY' });
  await table.close();
});
