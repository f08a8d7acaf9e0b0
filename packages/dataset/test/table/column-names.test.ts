import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnNames } from '../../src/table/column-names.ts';
import { fileOf, seen } from './scene.ts';

/** What pandas 2.3.3 calls them, by column-names.py beside the record. */
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/column-names.json'), 'utf8')) as {
  pandas: string;
  cases: { names: string[]; pandas: string[] }[];
};

describe('names of columns', () => {
  test.each(recorded.cases)('$names are $pandas', ({ names, pandas }) => {
    expect(columnNames(names).columns.map(({ name }) => name)).toEqual(pandas);
  });

  test('that are there twice, are none, or have blanks around them are told, and every column has its values', async () => {
    const path = fileOf('a,, a ,a\nu,v,w,x\n');
    expect(await seen(path, { header: true })).toEqual({
      columns: { a: 'text', 'Unnamed: 1': 'text', ' a ': 'text', 'a.1': 'text' },
      rows: [[1, 'u', 'v', 'w', 'x']],
      total: 1,
      defects: ['blank-name column Unnamed: 1', 'padded-name column  a ', 'duplicate-name column a.1'],
    });
    const trimmed = await seen(path, { header: true, trim: true });
    expect(Object.keys(trimmed.columns)).toEqual(['a', 'Unnamed: 1', 'a.1', 'a.2']);
    expect(trimmed.rows).toEqual([[1, 'u', 'v', 'w', 'x']]);
  });

  test('whatever they are: each is there once, for the checks and for the engine, and what is there once keeps its name', () => {
    const name = fc.constantFrom(
      'a',
      'A',
      'a.1',
      'a.1.1',
      'a (2)',
      '',
      ' ',
      'Unnamed: 0',
      'Unnamed: 1',
      'rowid',
      'ß',
      'ẞ',
    );
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), (names) => {
        const { columns, defects } = columnNames(names);
        expect(new Set(columns.map((column) => column.name)).size).toBe(names.length);
        expect(new Set(columns.map(({ stored }) => stored.toLowerCase())).size).toBe(names.length);
        const changed = columns.filter((column, index) => column.name !== names[index]).map((column) => column.name);
        const told = defects.filter(({ kind }) => kind !== 'padded-name').map(({ column }) => column);
        expect(told).toEqual(changed);
        for (const [index, given] of names.entries()) {
          const isOnce = given !== '' && names.filter((other) => other === given).length === 1;
          if (isOnce) expect(columns[index]?.name).toBe(given);
        }
      }),
      { numRuns: 300, seed: 6 },
    );
  });
});
