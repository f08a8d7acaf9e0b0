import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openTable, type TableOptions } from '@holdfast/dataset';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { surveyCsv } from '../../src/table/csv/csv-survey.ts';
import { fileOf, seen } from './scene.ts';

/** What is said about the first line. */
const said = (text: string, options: TableOptions = {}): string[] =>
  surveyCsv(fileOf(text), options)
    .defects.filter(({ kind }) => kind === 'header')
    .map(({ message }) => message);

const lines = (rows: readonly (readonly (string | number)[])[]): string => rows.map((row) => row.join(',')).join('\n');

describe('a first line that is taken for names', () => {
  test.each([
    ['numbers above numbers', '5.1,3.5,setosa\n4.9,3.0,setosa\n4.7,3.2,virginica\n'],
    ['dates above dates', '2020-01-01,x\n2020-01-02,y\n'],
    ['dates as others write them', '31/12/2020 10:00,1.234\n01/01/2021 11:30,17\n'],
    ['numbers with a comma', '1,5;"2.000,75 "\n3,25;4\n'],
    ['amounts and shares', '$1,12%\n$3,40%\n'],
    ['one column of numbers', '17\n4\n'],
    ['categories that come back', 'red,small\nblue,large\nred,small\n'],
    ['addresses', 'https://a.example/1,ann@a.example\nhttps://a.example/2,bob@a.example\n'],
    ['hashes', '9f86d081884c7d659a2feaa0c55ad015,x\n60303ae22b998861bce3b28f33eec1be,y\n'],
    ['a number above something missing', '5.1,?,x\n?,4,y\n3,2,z\n'],
    ['as many that are not', '5.1,unknown\n3,4\n2,1\n'],
    ['years, which names may be', 'country,2019,2020,2021\nA,1,2,3\nB,4,5,6\n'],
    ['a single line of numbers', '5.1,3.5,setosa\n'],
    ['cells that are there twice, or empty', 'yes,yes,,yes\nno,maybe,x,y\n'],
  ])('and looks like data is told: %s', async (_, text) => {
    const separator = text.includes(';') ? ';' : ',';
    expect(said(text, { separator })).toEqual([
      expect.stringMatching(/`header: false` \(`--no-header`\).*`header: true`/),
    ]);
    for (const header of [true, false]) expect(said(text, { separator, header })).toEqual([]);
    const { defects, total } = await seen(fileOf(text), { separator });
    expect(defects).toContain('header, left out');
    expect((await seen(fileOf(text), { separator, header: false })).total).toBe(total + 1);
  });

  test.each([
    ['texts above numbers', 'id,name\n1,ann\n2,bob\n'],
    ['above categories', 'sex,race\nF,A\nM,B\nF,A\n'],
    ['with numbers of rows, as pandas and R write them', ',name\n0,ann\n1,bob\n'],
    ['some years among them', 'country,id,area,2020\nA,1,2.5,3\nB,4,5.5,6\n'],
    ['numbers above texts', '2019,2020\nyes,no\nno,maybe\n'],
    ['twice the same above numbers', 'score,score\n1,2\n3,4\n'],
    ['nothing below', 'a,b\n'],
  ])('and looks like it is not: %s', (_, text) => {
    expect(said(text)).toEqual([]);
  });

  test('no values are in the message', () => {
    expect(said('Zebedee,31\nZebedee,32\nOlga,40\n').join('')).not.toMatch(/Zebedee|31/);
  });

  test('random tables with names that are texts never alarm, those of two and more columns of numbers without names always do', () => {
    const name = fc.stringMatching(/^[a-z][a-z_ ]{0,8}[a-z]$/).map((text) => `${text}_`);
    const number = fc.oneof(fc.integer().map(String), fc.double({ noNaN: true, noDefaultInfinity: true }).map(String));
    const text = fc.stringMatching(/^[A-Za-z0-9 .-]{0,6}$/);
    const table = fc
      .record({
        numbers: fc.integer({ min: 2, max: 5 }),
        texts: fc.integer({ min: 0, max: 4 }),
        rows: fc.integer({ min: 2, max: 12 }),
      })
      .chain(({ numbers, texts, rows }) => {
        const row = fc.tuple(
          ...Array.from({ length: numbers + texts }, (_, at) =>
            (at % 2 === 0 ? at / 2 < numbers : at - (at + 1) / 2 >= texts) ? number : text,
          ),
        );
        const width = numbers + texts;
        return fc.record({
          names: fc.uniqueArray(name, { minLength: width, maxLength: width }),
          rows: fc.array(row, { minLength: rows, maxLength: rows }),
        });
      });
    fc.assert(
      fc.property(table, ({ names, rows }) => {
        expect(said(lines([names, ...rows]), { separator: ',' })).toEqual([]);
        const numeric = (rows[0] ?? []).filter((_, at) =>
          rows.every((row) => Number.isFinite(Number.parseFloat(String(row[at])))),
        );
        expect(numeric.length).toBeGreaterThanOrEqual(2);
        expect(said(lines(rows), { separator: ',' })).toHaveLength(1);
      }),
      { numRuns: 60, seed: 6 },
    );
  });
});

describe('names that are given', () => {
  test('are told where the first line holds the same, unless it is said to be a row', async () => {
    const text = 'Age, city\n17,Bonn\n18,Ulm\n';
    expect(said(text, { names: ['age', 'city'] })).toEqual([expect.stringContaining('holds names that `names` gives')]);
    expect(said(text, { names: ['age', 'city'], header: false })).toEqual([]);
    expect(said('17,Bonn\n18,Ulm\n', { names: ['age', 'city'] })).toEqual([]);
    await expect(openTable(fileOf(text), { names: ['a', 'b'], header: true })).rejects.toEqual(
      expect.objectContaining({ code: 'HF_DATASET_OPTIONS' }),
    );
  });

  test('are the numbers of the columns where a file has none and nobody gives any', async () => {
    expect(await seen(fileOf('\n1,x\n2,y\n'), { header: false })).toEqual({
      columns: { 0: 'integer', 1: 'text' },
      rows: [
        [1, '1', 'x'],
        [2, '2', 'y'],
      ],
      ...{ total: 2, defects: [] },
    });
    expect((await seen(fileOf('\n\n1\n\n'), { header: false })).rows).toEqual([
      [1, null],
      [2, null],
      [3, '1'],
      [4, null],
    ]);
  });

  test.each([
    ['has a quote that is never closed', 'a,"b\n1,2\n'],
    ['has something after a closing quote', 'a,"b"c\n1,2\n'],
  ])('in a line that %s are refused', async (problem, text) => {
    await expect(openTable(fileOf(text))).rejects.toThrow(problem);
  });
});

describe('published tables', () => {
  const folder = process.env['HOLDFAST_ADULT_DATA'] ?? join(import.meta.dirname, '../../../../..', 'shared', 'data');
  test.for([
    ['adult-train.csv', false],
    ['adult-test.csv', false],
    ['german.csv', false],
    ['pima-indians-diabetes.csv', false],
    ['sonar.csv', false],
    ['compas-two-years.csv', true],
  ] as const)('%s: that it holds names is %s', ([name, isNamed], context) => {
    const path = join(folder, name);
    if (!existsSync(path)) {
      if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${path}`);
      context.skip(`needs ${name}; say where it is with HOLDFAST_ADULT_DATA`);
    }
    const alarmed = surveyCsv(path, {}).defects.some(({ kind }) => kind === 'header');
    expect(alarmed).toBe(!isNamed);
  });
});
