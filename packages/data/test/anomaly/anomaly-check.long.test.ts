import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomOf } from '@holdfast/statistics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv, lookAt } from './anomaly-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'anomaly-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('tables that are large in one way', () => {
  test('hundreds of columns are as good as two', async () => {
    const names = Array.from({ length: 600 }, (_, at) => `c${at}`);
    const rows = Array.from({ length: 4 }, (_, row) => names.map((_, at) => (row * 31 + at * 7) % 13));
    const report = await lookAt(csv(folder, 'wide.csv', [names, ...rows, rows[0]!]));
    expect(report.metrics).toMatchObject({ duplicate_rows: 1, duplicate_groups: 1 });
  });

  test('texts of a million characters are compared like any other', async () => {
    const random = randomOf('long texts');
    const long = (): string =>
      Array.from({ length: 1000 }, () => `w${random.integer(1e6)}`)
        .join(' ')
        .padEnd(7000, '.')
        .repeat(145);
    const texts = [long(), long()];
    const path = csv(folder, 'long.csv', [['t'], ...[texts[0], texts[1], `${texts[0]!}x`].map((text) => [text])]);
    const report = await lookAt(path);
    expect(report.metrics).toMatchObject({ duplicate_rows: 0, near_duplicate_rows: 2 });
    expect(report.findings.find(({ rule }) => rule === 'data.anomaly.near-duplicates')?.where).toBe('rows 1, 3');
  });

  test('ten thousand columns of a Parquet file are looked at like any other', async () => {
    const path = join(folder, 'wide.parquet');
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const columns = Array.from({ length: 10_000 }, (_, at) => `((r % 4) * 31 + ${at} * 7) % 13 AS c${at}`);
    await connection.run(`COPY (SELECT ${columns.join(', ')} FROM range(5) AS t(r)) TO '${path}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const report = await lookAt(path);
    expect(report.metrics).toMatchObject({ rows: 5, duplicate_rows: 1, duplicate_groups: 1, near_duplicate_rows: 0 });
  }, 1_200_000);
});
