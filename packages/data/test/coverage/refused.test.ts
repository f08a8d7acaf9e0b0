import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rangeCoverages } from '../../src/coverage/ranges.ts';
import { sliceCoverages } from '../../src/coverage/slices.ts';
import { csv } from '../anomaly/anomaly-scene.ts';
import { coverageOfFile, said } from './coverage-scene.ts';

let folder: string;
let people: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'coverage-'));
  people = csv(folder, 'people.csv', [
    ['sex', 'age', 'nothing'],
    ['f', 20, null],
    ['m', 30, null],
  ]);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const where = (comparison: object): object => ({ where: [comparison] });
const refused = (message: string): object => ({
  ...{ code: 'HF_DATA_OPTIONS', exit: 2, message: expect.stringContaining(message) as string },
  fix: expect.stringMatching(/./) as string,
});

describe('options that mean nothing are refused', () => {
  test.each([
    ['nothing to cover', {}, 'it is not said what has to be covered'],
    ['no slice', { slices: [] }, 'it is not said what has to be covered'],
    ['a negative minimum', { slices: [{ columns: ['sex'], min: -1 }] }, 'must be >= 0'],
    ['a share above 1', { slices: [{ columns: ['sex'], minShare: 1.5 }] }, 'must be <= 1'],
    ['a column twice', { slices: [{ columns: ['sex', 'sex'] }] }, 'must NOT have duplicate items'],
    [
      'an operator',
      { slices: [where({ column: 'age', is: 'like', value: 1 })] },
      'must be equal to one of the allowed',
    ],
    ['one edge', { ranges: { age: [3] } }, 'must NOT have fewer than 2 items'],
    ['thousands of slices', { slices: Array.from({ length: 1001 }, () => ({ columns: ['sex'] })) }, 'more than 1000'],
    ['an unknown option', { slices: [{ columns: ['sex'], most: 3 }] }, '`most` is not known'],
    ['a column that is not there', { slices: [{ columns: ['height'] }] }, 'there is no column `height`'],
  ])('%s', async (_, options, message) => {
    await expect(coverageOfFile(people, options)).rejects.toMatchObject(refused(message));
  });

  test('what is no slice or no range of the table', async () => {
    const table = await openTable(people, { threads: 1 });
    const { signal } = new AbortController();
    const slicesSay: readonly (readonly [object, string])[] = [
      [{ min: 3 }, 'a slice names `columns` or `where`'],
      [where({ column: 'height', is: 'missing' }), 'there is no column `height`'],
      [{ columns: ['constructor'] }, 'there is no column `constructor`'],
      [{ columns: ['sex'], values: { age: [1] } }, 'not among its `columns`'],
      [{ ...where({ column: 'sex', is: 'present' }), values: { sex: ['f'] } }, 'not among its `columns`'],
      [{ columns: ['age'], values: { age: ['20'] } }, 'holds numbers, and `20` is none'],
      [where({ column: 'age', is: '>', value: 'old' }), 'is compared with `old`'],
      [where({ column: 'age', is: '>' }), 'lacks a `value`'],
      [where({ column: 'age', is: 'missing', value: 3 }), 'which `missing` does not take'],
      [where({ column: 'age', is: '=', value: [1, 2] }), 'takes a list with `in` only'],
    ];
    for (const [slice, message] of slicesSay) {
      const counted = sliceCoverages([table], [slice], { signal, reference: undefined, min: 1 });
      await expect(counted, message).rejects.toMatchObject(refused(message));
    }
    const rangesSay: readonly (readonly [Record<string, (number | null)[]>, string])[] = [
      [{ sex: [0, 1] }, 'there is no column of numbers `sex`'],
      [{ height: [0, 1] }, 'there is no column of numbers `height`'],
      [{ age: [1, 3, 2] }, 'the edges of `age` do not ascend'],
      [{ age: [1, 1] }, 'the edges of `age` do not ascend'],
      [{ age: [1, null, 3] }, 'only the first and the last edge'],
    ];
    for (const [ranges, message] of rangesSay) {
      await expect(rangeCoverages([table], ranges, signal), message).rejects.toMatchObject(refused(message));
    }
    await table.close();
  });
});

describe('what cannot be found out is unknown, never a pass', () => {
  test('a column without a value expects no combination', async () => {
    const report = await coverageOfFile(people, { slices: [{ columns: ['nothing'], min: 0 }] });
    expect(report.verdict).toBe('unknown');
    expect(report.coverage.left).toEqual(['slice nothing: no row has a value in each of its columns']);
    expect(report.metrics).not.toHaveProperty('least_rows');
    const named = { columns: ['nothing'], values: { nothing: ['a'] }, min: 1 };
    expect((await coverageOfFile(people, { slices: [named] })).verdict).toBe('fail');
  });

  test('a table without rows has no slice, whatever the minimum', async () => {
    const path = csv(folder, 'empty.csv', [['sex', 'age']]);
    const slices = [{ where: [{ column: 'sex', is: '=', value: 'f' }], minShare: 0.5 }];
    const report = await coverageOfFile(path, { slices });
    expect([report.verdict, report.coverage.left]).toEqual(['unknown', ['the table has no row']]);
    const some = await coverageOfFile(path, { slices: [{ columns: ['sex'] }], ranges: {} });
    expect(some.verdict).toBe('unknown');
  });

  test('ten thousand categories are counted, and their squares are too many', async () => {
    const path = csv(folder, 'many.csv', [
      ['one', 'other'],
      ...Array.from({ length: 10_000 }, (_, at) => [`a${at}`, `b${at}`]),
    ]);
    const counted = await coverageOfFile(path, { slices: [{ columns: ['one'], min: 2 }] });
    expect(counted.metrics).toMatchObject({ slices: 10_000, short: 10_000, least_rows: 1 });
    expect(said(counted, 'combination')).toHaveLength(101);
    expect(JSON.stringify(counted.figures).length).toBeLessThan(20_000);
    const squared = await coverageOfFile(path, { slices: [{ columns: ['one', 'other'], min: 0 }] });
    expect(squared.verdict).toBe('unknown');
    expect(squared.coverage.left).toEqual(['slice one, other: it has too many combinations']);
  });
});

describe('names of columns that somebody chose with care', () => {
  const names = [
    '__proto__',
    'constructor',
    '"; DROP TABLE x; --',
    "'",
    '`tick`',
    '\u202Eevil',
    'a\u0007b',
    ' ',
    'ſ',
    'S',
  ];

  test('are columns like any other', async () => {
    const path = csv(folder, 'names.csv', [names, ...Array.from({ length: 3 }, () => names.map((_, at) => at))]);
    const slices = names.map((name) => ({ columns: [name], min: 4 }));
    const ranges = Object.fromEntries(names.map((name) => [name, [0, 100]]));
    const report = await coverageOfFile(path, { slices, ranges, min: 4 }, { reference: path });
    expect(report.metrics).toMatchObject({ slices: 10, short: 20, least_rows: 3, covered: 1 });
    expect(report.verdict).toBe('fail');
    const texts = report.findings.flatMap(({ message, where: place = '' }) => [message, place]);
    expect(texts.join('')).not.toMatch(/[\u202E\u0007]/u);
  });

  test('a thousand slices of one column are counted in few passes', async () => {
    const slices = Array.from({ length: 1000 }, (_, at) => ({
      where: [{ column: 'age', is: '>', value: at / 10 }],
      min: 1,
    }));
    const report = await coverageOfFile(people, { slices });
    // above 30 there is nobody: 30.0 is the 301st slice
    expect(report.metrics).toMatchObject({ slices: 1000, short: 700, least_rows: 0 });
  });
});

test('an abort ends it', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(coverageOfFile(people, { slices: [{ columns: ['sex'] }] }, { signal })).rejects.toThrow('enough');
});
