import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { measure } from '../src/metrics/measure.ts';
import { narrowedQuantiles } from '../src/metrics/quantiles.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crowded-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Far more values than are looked at one by one lie close together, and one far away makes the first bins wide. */
test.each([
  ['above zero', 1],
  ['below zero', -1],
])('quantiles in a crowded bin %s are values of the sorted column', async (_where, sign) => {
  const near = Array.from({ length: 20_000 }, (_, at) => sign * (1000 + ((at * 7919) % 20_011) / 20_011));
  const values = [...near, sign * 1e6];
  const path = join(folder, `crowded${sign}.csv`);
  writeFileSync(path, `v\n${values.join('\n')}\n`);
  const table = await openTable(path, { threads: 1 });
  const probabilities = [0.001, 0.25, 0.5, 0.75, 0.999];
  const [column] = table.columns;
  if (column === undefined) throw new Error('there is no column');
  const asked = narrowedQuantiles(column, probabilities);
  const found = (await measure([table], [asked])).get(asked);
  await table.close();
  const sorted = values.toSorted((one, other) => one - other);
  // 20,001 values: each of these ranks is a whole number.
  expect(found).toEqual(probabilities.map((probability) => sorted[Math.round(20_000 * probability)]));
});
