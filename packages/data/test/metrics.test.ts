import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extremes, type Found, type Metric, measure, moments, present, sumOf } from '@holdfast/data';
import { columnOf, openTable, type TableColumn } from '@holdfast/dataset';
import { randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'metrics-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What is found out about column `x` of shards with these values. */
async function found(
  shards: readonly (readonly number[])[],
  asked: (x: TableColumn) => Metric<unknown>[],
): Promise<Found> {
  const tables = [];
  for (const [index, values] of shards.entries()) {
    const path = join(folder, `shard-${index}.csv`);
    writeFileSync(path, ['x,y', ...values.map((value) => `${value},1`)].join('\n'));
    tables.push(await openTable(path, { format: 'csv' }));
  }
  const [first] = tables;
  const x = first && columnOf(first, 'x');
  if (x === undefined) throw new Error('no column x');
  const result = await measure(tables, asked(x));
  for (const table of tables) await table.close();
  return result;
}

const x: TableColumn = { name: 'x', type: 'number', native: 'VARCHAR', value: '"x"' };

/** The sum of float64 values as a fraction of whole numbers: arithmetic that rounds nothing, then one rounding. */
function rationalSum(values: readonly number[]): number {
  const scale = 1074n;
  const total = values.reduce((sum, value) => sum + wholeOf(value), 0n);
  return Number(total / (1n << (scale - 200n))) / 2 ** 200;
}

/** value · 2¹⁰⁷⁴ */
function wholeOf(value: number): bigint {
  let [mantissa, exponent] = [value, 0];
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  return BigInt(mantissa) << BigInt(1074 - exponent);
}

describe('a sum', () => {
  test('loses nothing where float64 would: 0.1 + 0.2 + 0.3 + 10¹⁵ − 10¹⁵ + 10⁻¹²', async () => {
    const values = [0.1, 0.2, 0.3, 1e15, -1e15, 1e-12];
    const result = await found([values], (column) => [sumOf(column)]);
    expect(result.get(sumOf(x))).toBe(rationalSum(values));
    expect(values.reduce((sum, value) => sum + value, 0)).not.toBe(rationalSum(values));
  });

  test('of any values is the exact one, rounded once, whatever the shards', async () => {
    const value = fc
      .double({ min: -1e12, max: 1e12, noNaN: true })
      .filter((each) => each === 0 || Math.abs(each) > 1e-20);
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 30 }), fc.nat(29), async (values, cut) => {
        const all = [...values, 0.5];
        const whole = await found([all], (column) => [sumOf(column)]);
        const parts = await found([all.slice(0, cut + 1), [...all.slice(cut + 1), 0]], (column) => [sumOf(column)]);
        expect(parts.get(sumOf(x))).toBe(whole.get(sumOf(x)));
        expect(whole.get(sumOf(x))).toBeCloseTo(rationalSum(all), 9);
      }),
      { numRuns: 15, seed: 6 },
    );
  });
});

test('moments are those of the definition, and the same in shards', async () => {
  const random = randomOf('moments');
  const values = Array.from({ length: 500 }, () => random.uniform() * 1000 - 300);
  const asked = (column: TableColumn): Metric<unknown>[] => [moments(column), extremes(column), present(column)];
  const whole = await found([values], asked);
  const parts = await found([values.slice(0, 100), values.slice(100, 101), values.slice(101)], asked);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const seen = whole.get(moments(x));
  expect(seen?.count).toBe(500);
  expect(seen?.mean).toBeCloseTo(mean, 9);
  expect((seen?.squares ?? 0) / squares).toBeCloseTo(1, 12);
  expect(parts.get(moments(x))).toEqual(seen);
  expect(parts.get(extremes(x))).toEqual({ least: Math.min(...values), greatest: Math.max(...values) });
});

test('a column of CSV has the type that all its values have', async () => {
  const path = join(folder, 'types.csv');
  const lines = [
    'whole,real,zip,flag,day,at,word,short,empty',
    '1,1.5,01234,true,2024-02-29,2024-02-29 12:00:00,a,t,',
    '-20,1e3,99999,False,2023-01-01,2024-01-01T00:00:01,b,f,',
  ];
  writeFileSync(path, lines.join('\n'));
  const table = await openTable(path);
  expect(Object.fromEntries(table.columns.map(({ name, type }) => [name, type]))).toEqual({
    ...{ whole: 'integer', real: 'number', zip: 'text', flag: 'boolean', day: 'date', at: 'timestamp' },
    ...{ word: 'text', short: 'text', empty: 'text' },
  });
  await table.close();
});
