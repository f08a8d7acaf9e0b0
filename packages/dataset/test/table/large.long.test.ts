import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openTable } from '@holdfast/dataset';
import { temporaryFolder } from '@holdfast/testkit';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { fileOf } from './scene.ts';

describe('bounded memory', () => {
  test('20 million rows of Parquet are answered within a gigabyte', { timeout: 600_000 }, async () => {
    const path = join(temporaryFolder('holdfast-large'), 'large.parquet');
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '2GB' });
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT range AS n, (range * 7919) % 1000003 AS k, range / 7.0 AS x, 'text ' || (range % 1000) AS t FROM range(20000000)) TO '${path}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const table = await openTable(path, { memory: '1GB', threads: 2 });
    const { dialect } = table.engine;
    const [, k, x, t] = table.columns.map(({ value }) => value);
    const [row] = await table.engine.rows(
      `SELECT ${dialect.exactSum('"n"')}, count(DISTINCT ${k ?? ''}), count(DISTINCT "n"), max(${x ?? ''}), min(${t ?? ''}) FROM ${table.relation}`,
    );
    // n(n − 1) / 2 and the residues modulo a prime
    expect(row).toEqual(['199999990000000', 1_000_003, 20_000_000, 19_999_999 / 7, 'text 0']);
    expect([table.rows, table.defects]).toEqual([20_000_000, []]);
    await table.close();
    expect(process.resourceUsage().maxRSS / 1024).toBeLessThan(2600);
  });

  test.each([1000, 10_000])(
    '%d columns of CSV, JSON lines, Arrow and Parquet',
    { timeout: 900_000 },
    async (columns) => {
      const places = Array.from({ length: columns }, (_, index) => index);
      const line = (of: (index: number) => string): string => places.map(of).join(',');
      const valueOf = (row: number, index: number): string =>
        index % 3 === 0 ? String(row) : index % 3 === 1 ? `${row}.5` : `t${row}`;
      const numbers = Array.from({ length: 200 }, (_, row) => row);
      const csv = [line((index) => `c${index}`), ...numbers.map((row) => line((index) => valueOf(row, index)))];
      const json = numbers.map(
        (row) => `{${line((index) => `"c${index}":${index % 3 === 2 ? `"t${row}"` : valueOf(row, index)}`)}}`,
      );
      const arrays = places.map((index): [string, unknown[] | Float64Array] => [
        `c${index}`,
        index % 3 === 2 ? numbers.map((row) => `t${row}`) : Float64Array.from(numbers, (row) => row + (index % 3) / 2),
      ]);
      const parquet = join(temporaryFolder('holdfast-wide'), 'wide.parquet');
      const sql = places.map((index) =>
        index % 3 === 0 ? 'range' : index % 3 === 1 ? 'range + 0.5::DOUBLE' : "'t' || range",
      );
      await written(
        `COPY (SELECT ${sql.map((each, index) => `${each} AS c${index}`).join(', ')} FROM range(200)) TO '${parquet}' (FORMAT parquet)`,
      );
      const files = [
        fileOf(csv.join('\n')),
        fileOf(json.join('\n'), 'wide.jsonl'),
        fileOf(tableToIPC(tableFromArrays(Object.fromEntries(arrays)), 'stream'), 'wide.arrow'),
        parquet,
      ];
      for (const path of files) {
        const table = await openTable(path, { memory: '1GB', threads: 2 });
        expect([table.columns.length, table.rows, table.defects]).toEqual([columns, 200, []]);
        const some = [1, 2, columns - 1].map((index) => table.columns[index]);
        const values = some.map((column) => `CAST(${column?.value ?? ''} AS VARCHAR)`).join(', ');
        const [row] = await table.engine.rows(
          `SELECT ${table.rowNumber ?? ''}, ${values} FROM ${table.relation} WHERE ${some[0]?.value ?? ''} = 198.5`,
        );
        expect(row).toEqual([199, '198.5', 't198', expect.stringMatching(/^198([.]0)?$/)]);
        await table.close();
      }
      expect(process.resourceUsage().maxRSS / 1024).toBeLessThan(2600);
    },
  );

  test('more columns than are taken, and ten thousand equal names', { timeout: 600_000 }, async () => {
    const names = (count: number): string => Array.from({ length: count }, () => 'x').join(',');
    await expect(openTable(fileOf(`${names(20_001)}\n`))).rejects.toMatchObject({ code: 'HF_DATASET_LIMIT' });
    const table = await openTable(fileOf(`${names(10_000)}\n`), { memory: '1GB', threads: 2 });
    expect([table.columns.length, table.columns[9999]?.name, table.defects.length]).toEqual([10_000, 'x.9999', 9999]);
    await table.close();
  });

  test('a line of a gigabyte of JSON is an error, in flat memory', async () => {
    const path = fileOf('{"a":1}\n{"a":"', 'line.jsonl');
    truncateSync(path, 2 ** 30);
    const before = process.memoryUsage().rss;
    await expect(openTable(path, { memory: '1GB' })).rejects.toMatchObject({ code: 'HF_DATASET_LIMIT' });
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });
});

async function written(sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '6GB' });
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}
