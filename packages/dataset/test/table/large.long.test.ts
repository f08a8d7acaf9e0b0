import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openTable } from '@holdfast/dataset';
import { temporaryFolder } from '@holdfast/testkit';
import { describe, expect, test } from 'vitest';
import { fileOf, seen } from './scene.ts';

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

  test('a thousand columns of CSV', { timeout: 300_000 }, async () => {
    const columns = 1000;
    const line = (of: (index: number) => string): string =>
      Array.from({ length: columns }, (_, index) => of(index)).join(',');
    const rows = Array.from({ length: 20 }, (_, row) =>
      line((index) => (index % 3 === 0 ? String(row) : index % 3 === 1 ? `${row}.5` : `t${row}`)),
    );
    const found = await seen(fileOf([line((index) => `c${index}`), ...rows].join('\n')));
    expect(Object.keys(found.columns)).toHaveLength(columns);
    expect([found.columns['c0'], found.columns['c1'], found.columns['c2'], found.total]).toEqual([
      'integer',
      'number',
      'text',
      20,
    ]);
    expect(found.rows[19]?.slice(0, 4)).toEqual([20, '19', '19.5', 't19']);
  });
});
