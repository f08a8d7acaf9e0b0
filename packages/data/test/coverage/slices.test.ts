import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv } from '../anomaly/anomaly-scene.ts';
import { coverageOfFile, type Looked, said } from './coverage-scene.ts';

let folder: string;
let people: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  people = csv(folder, 'people.csv', [
    ['sex', 'kind', 'age', 'weight'],
    ['f', 'a', 20, 1.5],
    ['f', 'b', 30, 2],
    ['m', 'a', 70, 2],
    ['m', 'a', 40, null],
    [null, 'a', 50, 1.5],
  ]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const slices = async (given: readonly object[], more: object = {}, looked: Looked = {}): Promise<Report> =>
  coverageOfFile(people, { slices: given, ...more }, looked);

describe('combinations of values', () => {
  test('are all expected, those without a row too; a missing value is in none', async () => {
    const report = await slices([{ columns: ['sex', 'kind'] }], { min: 2 });
    expect(report.verdict).toBe('fail');
    expect(report.metrics).toMatchObject({ slices: 4, short: 3, least_rows: 0 });
    expect(said(report, 'combination')).toEqual([
      '3 of 4 combinations of `sex` × `kind` have fewer than 2 rows, 1 of them none',
      'sex = m, kind = b: 0 rows, fewer than 2',
      'sex = f, kind = a: 1 row, fewer than 2',
      'sex = f, kind = b: 1 row, fewer than 2',
    ]);
    expect(said(report, 'outside')).toEqual([
      '1 row in no combination of `sex` × `kind`: a value is missing or not named',
    ]);
  });

  test('are those of the named values, once each, however numbers are written', async () => {
    const report = await slices([{ columns: ['weight'], values: { weight: [2, 1.5, 2, 7] } }], { min: 1 });
    expect(report.metrics).toMatchObject({ slices: 3, short: 1, least_rows: 0 });
    expect(said(report, 'combination')[1]).toBe('weight = 7: 0 rows, fewer than 1');
    const named = await slices([{ columns: ['sex'], values: { sex: ['f'] }, min: 2 }]);
    expect(named.verdict).toBe('pass');
    expect(said(named, 'outside')).toHaveLength(1);
  });

  test('of rows that fit a condition are those that such rows have, in the reference too', async () => {
    const reference = csv(folder, 'known.csv', [
      ['sex', 'kind', 'age', 'weight'],
      ['f', 'c', 60, 1],
      ['m', 'd', 10, 1],
    ]);
    const old = { columns: ['kind'], where: [{ column: 'age', is: '>=', value: 40 }], min: 1 };
    expect(said(await slices([old]), 'combination')).toEqual([]);
    expect(said(await slices([old], { minCovered: 0 }, { reference }), 'combination')).toEqual([
      '1 of 2 combinations of `kind` has fewer than 1 rows, 1 of them none',
      'kind = c: 0 rows, fewer than 1',
    ]);
  });

  test('that long texts are in are told apart, and are not kept whole', async () => {
    const long = 'x'.repeat(50_000);
    const path = csv(folder, 'long.csv', [['t'], [`${long}1`], [`${long}2`], [`${long}2`]]);
    const report = await coverageOfFile(path, { slices: [{ columns: ['t'] }], min: 2 });
    expect(report.metrics).toMatchObject({ slices: 2, short: 1, least_rows: 1 });
    expect(JSON.stringify(report).length).toBeLessThan(5000);
  });
});

describe('rows that fit comparisons', () => {
  test('are counted, and a share is a minimum; of two minima the larger counts', async () => {
    const where = [{ column: 'age', is: '>=', value: 40 }];
    const report = await slices([
      { where, minShare: 0.8 },
      { name: 'more', where, min: 4, minShare: 0.1 },
      { name: 'fine', where, min: 3 },
      { name: 'said', where },
    ]);
    expect(said(report, 'slice')).toEqual([
      '`age >= 40` has 3 rows, fewer than 4',
      '`more` has 3 rows, fewer than 4',
      '`said` has 3 rows, fewer than 30',
    ]);
    expect(report.metrics).toMatchObject({ slices: 4, short: 3, least_rows: 3 });
  });

  test('may overlap, and may contradict each other: then there are none', async () => {
    const report = await slices([
      { name: 'young', where: [{ column: 'age', is: '<', value: 41 }], min: 3 },
      { name: 'middle', where: [{ column: 'age', is: '>', value: 29 }], min: 4 },
      {
        name: 'neither',
        where: [
          { column: 'age', is: '<', value: 30 },
          { column: 'age', is: '>', value: 40 },
        ],
        min: 1,
      },
    ]);
    expect(said(report, 'slice')).toEqual(['`neither` has 0 rows, fewer than 1']);
  });

  test('a missing value fits nothing but `missing`', async () => {
    const of = async (comparison: object): Promise<number | undefined> =>
      (await slices([{ where: [{ column: 'sex', ...comparison }], min: 0 }])).metrics['least_rows'];
    expect(await of({ is: 'missing' })).toBe(1);
    expect(await of({ is: 'present' })).toBe(4);
    expect(await of({ is: '!=', value: 'f' })).toBe(2);
    expect(await of({ is: 'in', value: ['f', 'x'] })).toBe(2);
  });
});

describe('ranges', () => {
  const ranges = async (age: readonly (number | null)[], min = 2): Promise<Report> =>
    coverageOfFile(people, { ranges: { age }, min });

  test('have the rows between their edges, the last edge included', async () => {
    const report = await ranges([20, 30, 60, 70]);
    expect(said(report, 'range')).toEqual([
      '`age` from 20 to 30 has 1 row, fewer than 2',
      '`age` from 60 to 70 has 1 row, fewer than 2',
    ]);
    expect(report.metrics).toMatchObject({ ranges: 3, short: 2, least_rows: 1 });
    expect(said(report, 'outside')).toEqual([]);
  });

  test('may be open at either end', async () => {
    const report = await ranges([null, 30, 50, null], 9);
    expect(said(report, 'range')).toEqual([
      '`age` below 30 has 1 row, fewer than 9',
      '`age` from 30 to 50 has 2 rows, fewer than 9',
      '`age` from 50 on has 2 rows, fewer than 9',
    ]);
    expect((await ranges([null, null], 5)).verdict).toBe('pass');
    expect(said(await ranges([25, 45], 1), 'outside')).toEqual(['3 rows in no range of `age`, 0 rows without a value']);
  });

  test('infinite numbers lie in an open one, and in no other', async () => {
    const path = csv(folder, 'infinite.csv', [['x'], [1.5], ['inf'], ['-inf'], ['nan']]);
    const closed = await coverageOfFile(path, { ranges: { x: [0, 2] }, min: 1 });
    expect(said(closed, 'outside')).toEqual(['2 rows in no range of `x`, 1 row without a value']);
    const open = await coverageOfFile(path, { ranges: { x: [null, 0, 2, null] }, min: 1 });
    expect(open.verdict).toBe('pass');
    expect(open.metrics).toMatchObject({ least_rows: 1, short: 0 });
  });
});

describe('values of what is confidential', () => {
  test('stand in no sentence and in no picture', async () => {
    const reference = csv(folder, 'open.csv', [
      ['sex', 'kind', 'age', 'weight'],
      ...Array.from({ length: 4 }, () => ['secret-sex', 'secret-kind', 98_765, 1]),
    ]);
    const given = [{ columns: ['sex', 'kind'] }, { columns: ['kind'] }];
    const hidden = await slices(given, {}, { reference, classification: 'confidential' });
    expect(hidden.metrics).toMatchObject({ slices: 12, short: 12, covered: 0 });
    expect(JSON.stringify([hidden.findings, hidden.figures])).not.toMatch(/secret|\b98,?765\b/);
    const shown = await slices(given, {}, { reference });
    expect(JSON.stringify(shown.findings)).toMatch(/secret-sex/);
    expect(JSON.stringify(shown.figures)).toMatch(/secret-sex/);
  });
});
