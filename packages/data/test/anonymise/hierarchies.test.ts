import { automaticHierarchy } from '@holdfast/data/anonymise/hierarchy/automatic';
import { csvHierarchy } from '@holdfast/data/anonymise/hierarchy/csv-hierarchy';
import { dateHierarchy } from '@holdfast/data/anonymise/hierarchy/dates';
import { type Hierarchy, hierarchyOf, type Label } from '@holdfast/data/anonymise/hierarchy/hierarchy';
import { binHierarchy, edgedHierarchy, widthHierarchy } from '@holdfast/data/anonymise/hierarchy/intervals';
import { maskHierarchy } from '@holdfast/data/anonymise/hierarchy/masking';
import { treeHierarchy } from '@holdfast/data/anonymise/hierarchy/tree';
import { describe, expect, test } from 'vitest';

/** By level what each value becomes. */
const table = ({ levels, values }: Hierarchy): Label[][] =>
  levels.map(({ codes, labels }) => values.map((_, value) => labels[codes[value] ?? 0] ?? null));

describe('a hierarchy from CSV', () => {
  const zips = ['81667', '81675', '81925', '81931'];
  // The example of a hierarchy in ARX's documentation of its interface.
  const arx =
    '81667;8166*;816**;81***;8****;*****\n81675;8167*;816**;81***;8****;*****\n81925;8192*;819**;81***;8****;*****\n81931;8193*;819**;81***;8****;*****\n';

  test('is read as ARX writes it; levels that change nothing are none', () => {
    const found = csvHierarchy('zip', zips, arx, false);
    expect(table(found)).toEqual([zips, ['816**', '816**', '819**', '819**'], ['81***', '81***', '81***', '81***']]);
    expect(found.declared).toHaveLength(6);
    expect(found.levels.map(({ leaves }) => [...leaves])).toEqual([[1, 1, 1, 1], [2, 2], [4]]);
  });

  test('counts values that the table does not have', () => {
    const found = csvHierarchy('zip', ['81667', '81925'], arx, false);
    expect(found.domain).toBe(4);
    expect(found.levels.map(({ leaves }) => [...leaves])).toEqual([[1, 1], [4]]);
  });

  test.each([
    [
      '"a;b";"say ""x"""\r\nc;"two\nlines"\r\nd;"two\nlines"\r\n',
      ['a;b', 'c', 'd'],
      [
        ['a;b', 'c', 'd'],
        ['say "x"', 'two\nlines', 'two\nlines'],
      ],
    ],
    [
      'a,b,*\nc,b,*',
      ['a', 'c'],
      [
        ['a', 'c'],
        ['b', 'b'],
      ],
    ],
    [
      '\u{FEFF}a\tb\n\nc\tb\n',
      ['a', 'c'],
      [
        ['a', 'c'],
        ['b', 'b'],
      ],
    ],
    [
      'a;g;*\n;g;*\n',
      ['a', null],
      [
        ['a', null],
        ['g', 'g'],
      ],
    ],
    [
      'a;g;*\nb;g;*\n',
      ['a', 'b', null],
      [
        ['a', 'b', null],
        ['g', 'g', 'g'],
      ],
    ],
    [
      'a;g;*\nb;g;*\nc;h;*\n',
      ['a', 'b', null],
      [
        ['a', 'b', null],
        ['g', 'g', null],
        ['*', '*', '*'],
      ],
    ],
  ])('%j', (text, values, expected) => {
    const found = table(csvHierarchy('x', values, text, false));
    expect(found.slice(0, expected.length)).toEqual(expected);
  });

  test('finds numbers however they are written', () => {
    expect(table(csvHierarchy('x', ['7.0', '8.0'], '7;low\n08;low\n', true))).toEqual([
      ['7.0', '8.0'],
      ['low', 'low'],
    ]);
  });

  test.each([
    ['a', ['a'], 'has no level'],
    ['a;b\nc;d;e', ['a'], 'different lengths (line 2)'],
    ['a;b\na;c', ['a'], 'names a value twice (line 2)'],
    ['a;b', ['a', 'secret'], 'lacks 1 of the 2 values'],
    ['a;"b', ['a'], 'a quote that is not closed'],
    ['a;"b"c', ['a'], 'text after a closing quote'],
    ['a;x;p\nb;x;q', ['a', 'b'], 'equal at "level 1" and not at "level 2"'],
    [`a;${'x;'.repeat(40)}`, ['a'], 'more than 32 levels'],
  ])('%j is refused', (text, values, message) => {
    const refused = expect(() => csvHierarchy('x', values, text, false));
    refused.toThrow(
      expect.objectContaining({ code: 'HF_DATA_HIERARCHY', message: expect.stringContaining(message) as string }),
    );
    refused.not.toThrow(/secret/);
  });
});

describe('a hierarchy that is declared', () => {
  test('of intervals between edges', () => {
    expect(table(edgedHierarchy('age', ['3', '20', '39.5', '40', '-1', null, 'inf'], [[0, 20, 40], [20]]))).toEqual([
      ['3', '20', '39.5', '40', '-1', null, 'inf'],
      ['[0, 20[', '[20, 40[', '[20, 40[', '>= 40', '< 0', null, 'inf'],
      ['< 20', '>= 20', '>= 20', '>= 20', '< 20', null, 'inf'],
      ['*', '*', '*', '*', '*', '*', '*'],
    ]);
  });

  test('of widths', () => {
    expect(table(widthHierarchy('age', ['17', '21', '24', '34', '-3'], [5, 20], 0)).slice(1, 3)).toEqual([
      ['[15, 20[', '[20, 25[', '[20, 25[', '[30, 35[', '[-5, 0['],
      ['[0, 20[', '[20, 40[', '[20, 40[', '[20, 40[', '[-20, 0['],
    ]);
    expect(table(widthHierarchy('x', ['0.15', '0.25', '0.29', '0.31'], [0.1], 0))[1]).toEqual([
      '[0.1, 0.2[',
      '[0.2, 0.3[',
      '[0.2, 0.3[',
      '[0.3, 0.4[',
    ]);
  });

  test('of dates', () => {
    expect(
      table(
        dateHierarchy(
          'born',
          ['1999-11-02', '1999-12-31', '2001-04-05 06:07:08', null],
          ['month', 'quarter', 'year', 'decade'],
        ),
      ).slice(1),
    ).toEqual([
      ['1999-Q4', '1999-Q4', '2001-Q2', null],
      ['*', '*', '*', '*'],
    ]);
  });

  test('of masked characters, as people see them', () => {
    expect(table(maskHierarchy('x', ['12a', '12b', '4', 'e\u0301\u{1F468}\u200D\u{1F469}', null], [1, 2]))).toEqual(
      [
        ['12a', '12b', '4', 'e\u0301\u{1F468}\u200D\u{1F469}', null],
        ['12*', '12*', '*', 'e\u0301*', null],
        ['1**', '1**', '*', '**', null],
        ['*', '*', '*', '*', '*'],
      ].filter((_, at) => at !== 2),
    );
    expect(table(maskHierarchy('x', ['12a', '22a'], [1], 'left'))[1]).toEqual(['*2a', '*2a']);
  });

  test('of groups, where a missing value stays missing', () => {
    const found = treeHierarchy('x', ['a', 'b', null], { one: { two: ['a', 'c'] }, three: { four: ['b'] } });
    expect(table(found)).toEqual([
      ['a', 'b', null],
      ['*', '*', '*'],
    ]);
    expect(found.domain).toBe(4);
    expect(found.declared.map(({ labels }) => labels)).toEqual([
      ['a', 'b', null],
      ['two', 'four', null],
      ['one', 'three', null],
      ['*'],
    ]);
  });

  test.each([
    [() => edgedHierarchy('x', ['1'], [[2, 1]]), 'edges that do not ascend'],
    [() => edgedHierarchy('x', ['1'], [[1, 2], [3]]), 'an edge that the level below does not have'],
    [() => widthHierarchy('x', ['1'], [4, 6], 0), 'no multiple'],
    [() => dateHierarchy('x', ['1999-01-01'], ['year', 'month']), 'do not get coarser'],
    [() => dateHierarchy('x', ['soon'], ['year']), '1 of its 1 values are none'],
    [() => treeHierarchy('x', ['a'], { one: ['a'], two: { three: ['b'] } }), 'equally deep'],
    [() => treeHierarchy('x', ['a'], { one: ['a'], two: ['a'] }), 'names a value twice'],
    [() => treeHierarchy('x', ['a'], ['b']), 'lacks 1 of the 1 values'],
    [
      () =>
        hierarchyOf(
          'x',
          ['a', 'b'],
          Array.from({ length: 33 }, () => ({ name: '', labels: ['a', 'b'] })),
        ),
      'more than 32 levels',
    ],
  ])('that is none is refused (%#)', (make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'HF_DATA_HIERARCHY', message: expect.stringContaining(message) as string }),
    );
  });
});

describe('a hierarchy that is made of the values', () => {
  const counts = (values: readonly Label[]): Float64Array => new Float64Array(values.length).fill(1);

  test('has bins of as many rows, joined two by two', () => {
    const values = Array.from({ length: 32 }, (_, at) => String(at * at));
    const found = automaticHierarchy({ column: 'x', type: 'integer', values, counts: counts(values) });
    expect(found.levels.map(({ labels }) => labels.length)).toEqual([32, 16, 8, 4, 2, 1]);
    expect(found.levels.map(({ leaves }) => new Set(leaves).size)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('has no empty bin where most rows are one value', () => {
    const values = Array.from({ length: 20 }, (_, at) => String(at));
    const heavy = counts(values).map((_, at) => (at === 3 ? 1000 : 1));
    const found = binHierarchy('x', values, heavy, { bins: 16, kind: 'quantiles' });
    expect(found.levels.at(-1)?.labels).toEqual(['*']);
    expect(found.levels[1]?.labels).toEqual(['< 4', '>= 4']);
  });

  test('of dates, of digits and of words', () => {
    const dates = ['2020-01-05', '2020-01-06', '2031-02-01'];
    const born = automaticHierarchy({ column: 'x', type: 'date', values: dates, counts: counts(dates) });
    expect(born.levels.map(({ labels }) => labels.length)).toEqual([3, 2, 1]);
    const zips = Array.from({ length: 100 }, (_, at) => String(10_000 + at * 111));
    const zip = automaticHierarchy({ column: 'x', type: 'text', values: zips, counts: counts(zips) });
    expect(zip.levels[1]?.labels[0]).toMatch(/^\d+\*+$/);
    const words = ['a', 'b', null];
    const word = automaticHierarchy({ column: 'x', type: 'text', values: words, counts: counts(words) });
    expect(table(word)).toEqual([words, ['*', '*', '*']]);
    const only = automaticHierarchy({ column: 'x', type: 'text', values: ['a'], counts: counts(['a']) });
    expect(only.levels).toHaveLength(1);
  });
});
