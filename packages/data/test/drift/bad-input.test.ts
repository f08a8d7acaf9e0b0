import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@holdfast/evidence/check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heldAgainst, named } from './drift-scene.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drift-bad-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let count = 0;
function file(text: string | Uint8Array, name = `${(count += 1)}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const held = async (now: string, before: string, options = {}): Promise<Report> =>
  heldAgainst(file(now), file(before), { options });
const lines = (rows: number, of: (row: number) => string): string =>
  Array.from({ length: rows }, (_, row) => `${of(row)}\n`).join('');

const finite = ({ metrics }: Report): boolean => Object.values(metrics).every(Number.isFinite);

describe('columns', () => {
  test('that are gone, new or of another type are findings, and the verdict is fail', async () => {
    const report = await held(
      `a,b,d\n${lines(40, (row) => `${row},x${row % 3},1`)}`,
      `a,b,c\n${lines(40, (row) => `${row},${row},1`)}`,
    );
    expect(report.verdict).toBe('fail');
    expect([named(report, 'vanished'), named(report, 'appeared'), named(report, 'type')]).toEqual([
      ['c'],
      ['d'],
      ['b'],
    ]);
  });

  test('of which none is in both: said so', async () => {
    const report = await held('a\n1\n', 'b\n1\n');
    expect(report.findings.map(({ rule }) => rule)).toContain('data.drift.nothing-to-compare');
    expect(report.verdict).toBe('fail');
  });

  test('without a value in one table are missing there; without one in both there is nothing to tell', async () => {
    const some = `a,b\n${lines(40, (row) => `${row},${row}`)}`;
    const report = await held(`a,b\n${lines(40, (row) => `${row},`)}`, some);
    expect(named(report, 'missing')).toEqual(['b']);
    const none = `a,b\n${lines(40, (row) => `${row},`)}`;
    const same = await held(none, none);
    expect(same.verdict).toBe('pass');
    expect(finite(same)).toBe(true);
  });

  test('with one value everywhere are the same, and another value is drift', async () => {
    const constant = (value: string): string => `a,b\n${lines(40, () => `${value},x`)}`;
    const options = { tests: 'all' };
    const same = await held(constant('7'), constant('7'), options);
    expect([same.verdict, finite(same)]).toEqual(['pass', true]);
    const other = await held(constant('8'), constant('7'), options);
    expect([named(other, 'drifted'), finite(other)]).toEqual([['a'], true]);
  });

  test('of 10,000 categories each once', async () => {
    const many = (rows: number, from: number): string => `k\n${lines(rows, (row) => `v${row + from}`)}`;
    const report = await held(many(10_000, 0), many(10_000, 0));
    expect([report.verdict, report.metrics['k.psi']]).toEqual(['pass', 0]);
    const others = await held(many(10_000, 0), many(10_000, 10_000));
    // Each value is in one row only: none of them says that the tables differ, and all are named as new.
    expect(others.findings.map(({ message }) => message).join()).toContain(
      '`k` has 10000 values in 10000 rows that the reference has not',
    );
    expect(finite(others)).toBe(true);
  });

  test('with infinite values and NaN: a finding, and no figure that is no number', async () => {
    const before = `a\n${lines(60, (row) => `${row}.5`)}`;
    const report = await held(
      `a\n${lines(60, (row) => (row % 3 === 0 ? 'inf' : row % 3 === 1 ? 'nan' : `${row}.5`))}`,
      before,
      {
        tests: 'all',
      },
    );
    expect(report.verdict).toBe('fail');
    expect(finite(report)).toBe(true);
  });

  test('of names that begin alike are told apart', async () => {
    const name = 'n'.repeat(100);
    const report = await held(
      `${name}1,${name}2\n${lines(60, (row) => `${row},${row}`)}`,
      `${name}1,${name}2\n${lines(60, (row) => `${row},${row + 100}`)}`,
    );
    const sizes = Object.entries(report.metrics).flatMap(([key, value]) => (key.endsWith('.ks') ? [value] : []));
    expect(sizes).toEqual([0, 1]);
  });
});

describe('tables', () => {
  test.each([
    ['a,b\n', 'a,b\n1,2\n', 'the table has no row'],
    ['a,b\n1,2\n', 'a,b\n', 'the reference has no row'],
  ])('without a row are not compared: %j, %j', async (now, before, left) => {
    const { coverage, metrics } = await held(now, before);
    // What is left makes the verdict `unknown`: `checkPredicate`.
    expect(coverage.left).toContain(left);
    expect(metrics['compared']).toBe(0);
  });

  test('with one row, or with few: no alarm, and that there are few is a finding', async () => {
    for (const options of [{ tests: 'all', multivariate: true }, {}]) {
      const report = await held('a,b\n1,x\n', 'a,b\n2,y\n', options);
      expect([report.verdict, report.metrics['drifted']]).toEqual(['warn', 0]);
      expect(report.findings.map(({ rule }) => rule)).toContain('data.drift.few-rows');
      expect(finite(report)).toBe(true);
    }
  });

  test('of which a line is ragged: the verdict is not pass, whichever of the two it is', async () => {
    const sound = `a,b\n${lines(40, (row) => `${row},${row}`)}`;
    const ragged = `${sound}1,2,3,4\n`;
    expect((await held(ragged, sound)).coverage.left).toHaveLength(1);
    expect((await held(sound, ragged)).coverage.left.join()).toMatch(/^reference: row 41/);
  });

  test('in several files are one table', async () => {
    const parts = join(folder, 'parts');
    mkdirSync(parts, { recursive: true });
    const rows = (from: number): string => `a\n${lines(50, (row) => `${row + from}`)}`;
    file(rows(0), 'parts/1.csv');
    file(rows(50), 'parts/2.csv');
    const whole = file(`a\n${lines(100, (row) => `${row}`)}`);
    const report = await heldAgainst(whole, parts);
    expect(report.metrics).toMatchObject({ rows: 100, reference_rows: 100, 'a.ks': 0 });
    file('b\n1\n', 'parts/3.csv');
    await expect(heldAgainst(whole, parts)).rejects.toMatchObject({ code: 'HF_DATA_ARTIFACT' });
  });
});

describe('what cannot be used is refused', () => {
  const table = 'a\n1\n2\n';

  test('no reference, and one that is no table', async () => {
    await expect(heldAgainst(file(table), undefined)).rejects.toMatchObject({ code: 'HF_DATA_ARTIFACT', exit: 2 });
    const noise = Uint8Array.from({ length: 64 }, (_, at) => (at * 37) % 256);
    await expect(heldAgainst(file(table), file(noise, 'noise.parquet'))).rejects.toMatchObject({
      code: expect.stringMatching(/^HF_DATASET_/) as string,
    });
  });

  test.each([
    [{ alpha: 0 }, 'alpha'],
    [{ alpha: 0.6 }, 'alpha'],
    [{ alpha: 'often' }, 'alpha'],
    [{ correction: 'none' }, 'correction'],
    [{ minEffect: { auc: 0.5 } }, 'minEffect.auc'],
    [{ minEffect: { size: 1 } }, 'size'],
    [{ fail: 0 }, 'fail'],
    [{ columns: ['nobody'] }, 'nobody'],
    [{ seed: -1 }, 'seed'],
    [{ surprise: true }, 'surprise'],
  ])('%j', async (options, told) => {
    const refused = { code: 'HF_DATA_OPTIONS', exit: 2, message: expect.stringContaining(told) as string };
    await expect(held(table, table, options)).rejects.toMatchObject(refused);
  });
});
