import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable, type Table } from '@holdfast/dataset';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rangeCounts } from '../../src/coverage/ranges.ts';
import { referenceCoverage } from '../../src/coverage/reference-coverage.ts';
import { sliceCoverage } from '../../src/coverage/slices.ts';

let folder: string;
let table: Table;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  writeFileSync(join(folder, 'people.csv'), 'sex,kind,age\nf,a,20\nf,b,30\nm,a,70\nm,a,40\n,a,50\n');
  table = await openTable(join(folder, 'people.csv'));
});
afterAll(async () => {
  await table.close();
  rmSync(folder, { recursive: true });
});

test('every combination of values is expected, those without a row too', async () => {
  const { expected, short, leastRows } = await sliceCoverage([table], undefined, { columns: ['sex', 'kind'] }, 2);
  expect({ expected, leastRows }).toEqual({ expected: 4, leastRows: 0 });
  expect(short.map(({ values, rows }) => `${values.join('')} ${rows}`)).toEqual(['mb 0', 'fa 1', 'fb 1']);
});

test('rows that fit comparisons are counted, and a share is a minimum', async () => {
  const where = [{ column: 'age', is: '>=', value: 40 }] as const;
  expect(await sliceCoverage([table], undefined, { where, minShare: 0.8 }, 1)).toMatchObject({
    ...{ least: 4, leastRows: 3, short: [{ rows: 3 }] },
  });
  const unknown = [{ column: 'height', is: 'missing' }] as const;
  await expect(sliceCoverage([table], undefined, { where: unknown }, 1)).rejects.toMatchObject({
    code: 'HF_DATA_OPTIONS',
  });
});

test('rows between edges are counted, the last edge included', async () => {
  const counts = await rangeCounts([table], 'age', [20, 30, 60, 70]);
  expect(counts.map(({ rows }) => rows)).toEqual([1, 3, 1]);
});

test('a reference is covered by the part of its values whose category is there', async () => {
  writeFileSync(join(folder, 'training.csv'), 'sex,kind,age\nf,a,20\nf,c,30\nm,c,70\nm,b,40\n');
  const reference = await openTable(join(folder, 'training.csv'));
  const { signal } = new AbortController();
  const { columns } = await referenceCoverage([table], [reference], { seed: 0, signal });
  await reference.close();
  expect(columns.find(({ name }) => name === 'kind')).toEqual({ name: 'kind', groups: 3, without: 1, covered: 0.5 });
});
