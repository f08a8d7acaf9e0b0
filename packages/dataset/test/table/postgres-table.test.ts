import { DatasetError, openPostgresTable } from '@holdfast/dataset';
import { PostgresEngine } from '@holdfast/dataset/engine/postgres-engine';
import { needsPostgres, postgresPassword, type RunningPostgres, startPostgres } from '@holdfast/testkit/postgres';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { read } from './scene.ts';

let server: RunningPostgres | undefined;
afterAll(async () => server?.stop());

async function scene(context: {
  skip(note: string): unknown;
}): Promise<{ url: string; run: (sql: string) => Promise<void> }> {
  needsPostgres(context);
  server ??= await startPostgres();
  const { url } = server;
  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(async () => client.end());
  };
  return { url, run };
}

const code = (name: string): unknown => expect.objectContaining({ code: name });

test('a table has its types, its keys and values in one form, whatever the language of the database', async (context) => {
  const { url, run } = await scene(context);
  await run(`CREATE DOMAIN percent AS numeric(5,2);
    CREATE TABLE "Odd ""name" (b integer, a bigint, x double precision, share percent, "näme" varchar(9), day date,
      at timestamptz, ok boolean, raw bytea, tags text[], doc jsonb, id uuid, gone integer, PRIMARY KEY (a, b));
    ALTER TABLE "Odd ""name" DROP COLUMN gone;
    INSERT INTO "Odd ""name" VALUES
      (1, 9007199254740993, 'NaN', 12.5, 'b', '0044-03-15 BC', '2024-01-01 00:00+02', true, '\\xff00', '{x}', '{"k":1}', '00000000-0000-0000-0000-000000000001'),
      (2, -1, 1e20, 'NaN', 'B', 'infinity', NULL, false, '', NULL, NULL, NULL)`);
  const table = await openPostgresTable({ connection: url, table: 'Odd "name' });
  expect([table.rows, table.total, table.keys, table.rowNumber]).toEqual([2, 2, ['a', 'b'], undefined]);
  const { columns, rows } = await read(table);
  expect(columns).toEqual({
    ...{ b: 'integer', a: 'integer', x: 'number', share: 'decimal', näme: 'text', day: 'date', at: 'timestamp' },
    ...{ ok: 'boolean', raw: 'bytes', tags: 'nested', doc: 'nested', id: 'text' },
  });
  expect(rows.map((row) => row.slice(1)).toSorted((one, other) => Number(one[0]) - Number(other[0]))).toEqual([
    [
      '1',
      '9007199254740993',
      null,
      '12.50',
      'b',
      '0044-03-15 (BC)',
      '2023-12-31 22:00:00+00',
      'true',
      'ff00',
      '{x}',
      '{"k": 1}',
      '00000000-0000-0000-0000-000000000001',
    ],
    ['2', '-1', '1e+20', null, 'B', 'infinity', null, 'false', '', null, null, null],
  ]);
  const greatest = await table.engine.rows(`SELECT max(${table.columns[4]?.value ?? ''}) FROM ${table.relation}`);
  expect(greatest).toEqual([['b']]);
  await table.close();
});

test('it is one state of the table, which only reading touches, and goes on after a question that fails', async (context) => {
  const { url, run } = await scene(context);
  await run('CREATE TABLE changing AS SELECT generate_series(1, 10000) AS n');
  const table = await openPostgresTable({ connection: url, table: 'changing', keys: ['n'] });
  await run('DELETE FROM changing');
  await expect(table.engine.rows('SELECT 1 / 0')).rejects.toEqual(code('HF_DATASET_QUERY'));
  await expect(table.engine.rows(`DELETE FROM ${table.relation}`)).rejects.toThrow('read-only');
  let [rows, sum] = [0, 0];
  for await (const [part = []] of table.engine.stream(`SELECT n FROM ${table.relation} ORDER BY n`)) {
    rows += part.length;
    sum += part.reduce<number>((total, cell) => total + Number(cell), 0);
    // a question in between does not disturb the stream
    expect(await table.engine.rows(`SELECT count(*) FROM ${table.relation}`)).toEqual([[10_000]]);
  }
  expect([rows, sum]).toEqual([10_000, 50_005_000]);
  await table.close();
});

test('what hides rows, takes too long, or is not there is an error with a code; the password is in none', async (context) => {
  const { url, run } = await scene(context);
  await run(`CREATE TABLE hidden (n integer); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;
    CREATE POLICY first_only ON hidden USING (n = 1); CREATE ROLE reader LOGIN PASSWORD 'another secret'; GRANT SELECT ON hidden TO reader`);
  const { port } = new URL(url);
  const where = { host: '127.0.0.1', port: Number(port), database: 'postgres' };
  const reader = { ...where, user: 'reader', password: 'another secret' };
  const errors: unknown[] = [];
  const refused = async (work: Promise<unknown>, name: string, message = ''): Promise<void> => {
    const error = await work.catch((cause: unknown) => cause);
    errors.push(error);
    expect(error).toEqual(code(name));
    expect((error as Error).message).toContain(message);
  };
  await refused(openPostgresTable({ ...reader, table: 'hidden' }), 'HF_DATASET_QUERY', 'row-level security');
  await refused(
    openPostgresTable({ ...reader, password: 'wrong secret', table: 'hidden' }),
    'HF_DATASET_UNREADABLE',
    'authentication',
  );
  await refused(openPostgresTable({ connection: url, table: 'none' }), 'HF_DATASET_UNREADABLE', '`none`');
  await refused(openPostgresTable({ connection: url, table: 'hidden', keys: ['m'] }), 'HF_DATASET_COLUMN', '`m`');
  await refused(
    openPostgresTable({ ...where, port: 1, user: 'a', password: 'b secret', table: 'hidden' }),
    'HF_DATASET_UNREADABLE',
  );
  const engine = await PostgresEngine.open({ connection: url, statementTimeout: 50 });
  await refused(engine.rows('SELECT pg_sleep(5)'), 'HF_DATASET_QUERY', 'timeout');
  expect(await engine.rows('SELECT 1')).toEqual([[1]]);
  await engine.close();
  await refused(engine.rows('SELECT 1'), 'HF_DATASET_QUERY');
  for (const error of errors) {
    expect(error).toBeInstanceOf(DatasetError);
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
    for (const secret of [postgresPassword, 'secret']) expect(shown).not.toContain(secret);
  }
});
