import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Cell, openTable, type WriteOptions, type WrittenColumn, writeTable } from '@holdfast/dataset';
import { expect, test } from 'vitest';
import { fileOf } from './scene.ts';

const limits = { threads: 2, memory: '256MB' } as const;

/** A Parquet file that DuckDB alone made. */
async function parquet(query: string): Promise<string> {
  const path = fileOf('', 'made.parquet');
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  return path;
}

/** Rows that are in one of two relations and not in the other, as DuckDB alone counts them. */
async function different(one: string, other: string): Promise<number> {
  const connection = await (await DuckDBInstance.create()).connect();
  const only = (a: string, b: string): string => `(SELECT * FROM ${a} EXCEPT ALL SELECT * FROM ${b})`;
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::INTEGER FROM (SELECT * FROM ${only(one, other)} UNION ALL SELECT * FROM ${only(other, one)})`,
  );
  connection.closeSync();
  return Number(reader.getRows()[0]?.[0]);
}

async function rewritten(
  path: string,
  name: string,
  options: WriteOptions = {},
  changed: Record<string, Partial<WrittenColumn>> = {},
): Promise<{ output: string; rows: number }> {
  const output = join(dirname(path), name);
  const table = await openTable(path, limits);
  try {
    const rows = await writeTable(
      [table],
      output,
      (_, columns) => columns.map((column) => ({ ...column, ...changed[column.name] })),
      { ...limits, ...options },
    );
    return { output, rows };
  } finally {
    await table.close();
  }
}

const everyType = `SELECT * FROM (VALUES
  (1::TINYINT, 9007199254740993::BIGINT, 170141183460469231731687303715884105727::HUGEINT, 0.1::DOUBLE, 0.1::FLOAT, 12.50::DECIMAL(9,2), true,
   DATE '2024-02-29', TIME '23:59:59.000001', TIMESTAMP '2024-01-01 00:00:00.123456', TIMESTAMPTZ '2024-01-01 00:00:00+02',
   '\\xAA\\x00'::BLOB, 'a,"b"' || chr(10) || 'ü', ''),
  (NULL, NULL, NULL, 'infinity'::DOUBLE, 3e38::FLOAT, -0.01::DECIMAL(9,2), false, DATE '0044-03-15 (BC)', NULL, NULL, NULL, NULL, NULL, NULL)
) t(tiny, big, huge, x, y, money, ok, day, clock, moment, zoned, raw, word, blank)`;

test('a Parquet file that is written as it is has the same types and values', async () => {
  const path = await parquet(everyType);
  const { output, rows } = await rewritten(path, 'new.parquet');
  expect(rows).toBe(2);
  expect(await different(`'${path}'`, `'${output}'`)).toBe(0);
  const types = async (file: string): Promise<unknown> => {
    const table = await openTable(file, limits);
    await table.close();
    return table.columns.map(({ name, native }) => [name, native]);
  };
  expect(await types(output)).toEqual(await types(path));
});

test('of a CSV file the rows that are asked for come in its order; texts stay what they were', async () => {
  const path = fileOf('id,code,note\n3,007,"a, b"\n1,,"say ""x"""\n2,01,\n');
  const { output, rows } = await rewritten(path, 'new.csv', { where: () => '"id" <> 1' });
  expect(rows).toBe(2);
  expect(readFileSync(output, 'utf8')).toBe('id,code,note\n3,007,"a, b"\n2,01,\n');
  const lines = await rewritten(path, 'new.jsonl');
  expect(
    readFileSync(lines.output, 'utf8')
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toEqual([
    { id: 3, code: '007', note: 'a, b' },
    { id: 1, code: null, note: 'say "x"' },
    { id: 2, code: '01', note: null },
  ]);
});

test('a column is made of others, some thousand rows at a time', async () => {
  const path = await parquet('SELECT range AS n, range * 2 AS twice FROM range(5000)');
  const firsts: number[] = [];
  const map = (from: readonly (readonly Cell[])[], firstRow: number): string[] => {
    firsts.push(firstRow);
    return (from[0] ?? []).map((n, index) => String(Number(n) + Number(from[1]?.[index])));
  };
  const sum = { from: ['CAST("n" AS VARCHAR)', 'CAST("twice" AS VARCHAR)'], map };
  const { output } = await rewritten(path, 'new.parquet', {}, { twice: sum });
  expect(await different(`'${output}'`, '(SELECT range AS n, range * 3 AS twice FROM range(5000))')).toBe(0);
  expect(firsts).toEqual([0, 2048, 4096]);
});

test('nested values become JSON', async () => {
  const path = await parquet("SELECT [1, 2] AS list, {'a': NULL, 'b': 'x'} AS struct");
  const { output } = await rewritten(path, 'new.jsonl');
  expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual({ list: [1, 2], struct: { a: null, b: 'x' } });
});

test('what is there is not replaced unless that is said, and what fails leaves nothing', async () => {
  const path = fileOf('a\n1\n');
  writeFileSync(join(dirname(path), 'new.csv'), 'precious');
  await expect(rewritten(path, 'new.csv')).rejects.toMatchObject({ code: 'HF_DATASET_EXISTS', exit: 2 });
  expect(readFileSync(join(dirname(path), 'new.csv'), 'utf8')).toBe('precious');
  await rewritten(path, 'new.csv', { isForced: true });
  expect(readFileSync(join(dirname(path), 'new.csv'), 'utf8')).toBe('a\n1\n');
  await expect(rewritten(path, 'new.xlsx')).rejects.toMatchObject({ code: 'HF_DATASET_OPTIONS' });
  const wrong = { a: { map: () => ['no number'] } };
  await expect(rewritten(path, 'odd.csv', {}, wrong)).rejects.toMatchObject({ code: 'HF_DATASET_QUERY' });
  await expect(rewritten(path, 'odd.csv', {}, { a: { map: () => [] } })).rejects.toThrow(/another number of rows/);
  expect(readdirSync(dirname(path)).toSorted()).toEqual(['new.csv', 'table.csv']);
});
