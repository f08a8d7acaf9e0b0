import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv, type Written } from '../anomaly/anomaly-scene.ts';
import { coverageOfFile, said } from './coverage-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coverage-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

type Lines = readonly (readonly Written[])[];

async function held(table: Lines, training: Lines, options: object = {}): Promise<Report> {
  const reference = csv(folder, 'training.csv', training);
  return coverageOfFile(csv(folder, 'table.csv', table), { ...options }, { reference });
}

const column = (name: string, values: readonly Written[]): Written[][] => [[name], ...values.map((value) => [value])];

describe('what a reference has', () => {
  test('is covered by the part of its values whose category is there', async () => {
    const report = await held(column('kind', ['a', 'a', 'b']), column('kind', ['a', 'c', 'c', 'b']));
    expect(report.metrics).toMatchObject({ covered: 0.5, 'kind.covered': 0.5, unseen_values: 0 });
    expect(report.verdict).toBe('fail');
    expect(said(report, 'uncovered')).toEqual([
      "`kind` covers 50.0 % of the reference's values, less than 90.0 %: 1 of 3 categories or bins have no row: `c`",
    ]);
    const asked = await held(column('kind', ['a', 'a', 'b']), column('kind', ['a', 'c', 'c', 'b']), {
      minCovered: 0.5,
    });
    expect(asked.verdict).toBe('pass');
  });

  test('of numbers is covered by bins between its deciles', async () => {
    const hundred = Array.from({ length: 100 }, (_, at) => at + 0.5);
    const report = await held(column('x', [...hundred.slice(0, 40), ...hundred.slice(60)]), column('x', hundred), {
      minCovered: 0.9,
    });
    // ten bins of ten; those from 40 to 60 have no row
    expect(report.metrics).toMatchObject({ covered: 0.8 });
    expect(said(report, 'uncovered')[0]).toContain('2 of 10 categories or bins have no row');
  });
});

describe('values that a reference lacks', () => {
  test('are counted, and many of them are a warning', async () => {
    const few = await held(column('k', [...Array.from({ length: 19 }, () => 'a'), 'new']), column('k', ['a', 'a']));
    expect(said(few, 'few-unseen')).toEqual(['1 of 20 values of `k` are none that the reference has: `new`']);
    expect(few.verdict).toBe('pass');
    const many = await held(column('k', ['a', 'new', 'other', 'new']), column('k', ['a', 'a']));
    expect(said(many, 'unseen')).toEqual(['3 of 4 values of `k` are none that the reference has: `new`, `other`']);
    expect([many.verdict, many.metrics['unseen_values']]).toEqual(['warn', 3]);
  });

  test('are, of numbers, those beyond its ends', async () => {
    const report = await held(column('x', [0.5, 1, 2, 3, 4, 4.5]), column('x', [1, 2, 3, 4]), { minCovered: 0 });
    expect(said(report, 'few-unseen')).toEqual(['2 of 6 values of `x` are none that the reference has']);
  });

  test('are all where the reference has none', async () => {
    const report = await held(
      [
        ['k', 'x'],
        ['a', 1],
        ['b', 2],
      ],
      [
        ['k', 'x'],
        ['', 1],
        ['', 2],
      ],
    );
    expect(said(report, 'unseen')).toEqual(['2 of 2 values of `k` are none that the reference has: `a`, `b`']);
    expect(report.verdict).toBe('warn');
  });
});

describe('a reference that is not like the table', () => {
  test('with a column that the table lacks, or with other types, leaves it unknown', async () => {
    const report = await held(
      [
        ['a', 'b', 'new'],
        [1, 2, 3],
        [2, 3, 4],
      ],
      [
        ['a', 'b', 'old'],
        [1, 'x', 3],
        [2, 'y', 4],
      ],
    );
    expect(report.verdict).toBe('unknown');
    expect(report.coverage.left).toEqual([
      'column old: only the reference has it',
      'column b: the reference has another kind of values',
    ]);
    expect(said(report, 'more')).toEqual(['the reference does not have `new`']);
  });

  test('with no column of the table leaves everything unknown, and no figure says that it is covered', async () => {
    const report = await held(column('a', [1, 2]), column('b', [1, 2]));
    expect(report.coverage.left).toEqual([
      'column b: only the reference has it',
      'no column could be held against the reference',
    ]);
    expect(report.metrics).not.toHaveProperty('covered');
    expect(report.verdict).toBe('unknown');
  });

  test('without a row, or held against no row, is unknown', async () => {
    for (const [table, training] of [
      [column('a', []), column('a', [1, 2, 3])],
      [column('a', [1, 2, 3]), column('a', [])],
    ] as const) {
      const { verdict, coverage } = await held(table, training);
      expect(verdict).not.toBe('pass');
      expect(coverage.left.join()).toMatch(/has no row/);
    }
  });

  test('with columns that tell rows apart alone is unknown', async () => {
    const names = (prefix: string): Written[] => Array.from({ length: 60 }, (_, at) => `${prefix}${at}`);
    const report = await held(column('name', names('n')), column('name', names('m')));
    expect(said(report, 'identifier')).toEqual(['`name` tells rows apart and is not looked at']);
    expect(report.verdict).toBe('unknown');
  });

  test('that is said and not there is refused', async () => {
    const path = csv(folder, 'alone.csv', column('a', [1]));
    await expect(coverageOfFile(path, { reference: 'gone.csv' })).rejects.toMatchObject({ code: 'HF_DATA_ARTIFACT' });
  });

  test('that cannot be read is an error with a code', async () => {
    const reference = csv(folder, 'broken.parquet', [['PAR1 and then nothing that is Parquet']]);
    const path = csv(folder, 'alone.csv', column('a', [1]));
    await expect(coverageOfFile(path, {}, { reference })).rejects.toMatchObject({ code: /^HF_DATASET_/ });
  });
});

describe('infinite numbers', () => {
  test('are told, on both sides, and move no distance', async () => {
    const numbers = [1.5, 2.5, 3.5, 4.5, 5.5];
    const report = await held(column('x', [...numbers, 'inf', '-inf']), column('x', [...numbers, 'inf']));
    expect(said(report, 'infinite')).toEqual(['`x` has 2 infinite values, 1 in the reference, which are not compared']);
    expect(report.verdict).toBe('warn');
    expect(report.metrics).toMatchObject({ covered: 1, nearest_p50: 0 });
    expect(Object.values(report.metrics).every(Number.isFinite)).toBe(true);
  });
});
