import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { openTable } from '@holdfast/dataset';
import { temporaryFolder } from '@holdfast/testkit';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { describe, expect, test } from 'vitest';
import { fileOf, type Seen, seen } from './scene.ts';

/** More than lie in one table: blocks of 100, 100 and 50. */
const columns = 250;
const rows = 8;
const places = Array.from({ length: columns }, (_, index) => index);
const parts = [places.slice(0, 100), places.slice(100, 200), places.slice(200)];

/** Names that are odd wherever blocks meet. */
const odd: Readonly<Record<number, string>> = {
  0: 'row number',
  99: `a"b'c`,
  100: 'A',
  101: 'a',
  249: '\u0001columns',
};
const nameOf = (index: number): string => odd[index] ?? `c${index}`;

/** What stands in a row of a column, of six kinds; with a day that does not exist and digits beyond float64 in some. */
function textOf(row: number, index: number): string {
  if (index === 150) return row === 3 ? '2023-02-30' : '2023-02-01';
  if (index === 151) return row === 5 ? '123456789012345678901.5' : `${row}`;
  if (index === 249) return `"x "",${row}"`;
  const kinds = [`${row * index}`, `${row}.5`, `t${row}`, `2024-01-0${row + 1}`, row % 2 === 0 ? 'true' : 'FALSE'];
  return kinds[index % 6] ?? (row % 3 === 0 ? '' : ' ? ');
}

const quoted = (name: string): string => (name.includes('"') ? `"${name.replaceAll('"', '""')}"` : name);

/** The file of some columns; its fourth row has a value too few. */
const csvOf = (some: readonly number[]): string =>
  [
    some.map((index) => quoted(nameOf(index))).join(','),
    ...Array.from({ length: rows }, (_, row) => {
      const fields = some.map((index) => textOf(row, index));
      return (row === 3 ? [...fields.slice(0, -2), 'x'] : fields).join(',');
    }),
  ].join('\n');

/** What its parts hold, opened one by one, side by side. */
function joined(found: readonly Seen[]): Pick<Seen, 'columns' | 'rows'> {
  const [first] = found;
  const numbers = first?.rows.map(([number]) => number) ?? [];
  return {
    columns: Object.assign({}, ...found.map((part) => part.columns)) as Seen['columns'],
    rows: numbers.map((number, at) => [number ?? null, ...found.flatMap((part) => part.rows[at]?.slice(1) ?? [])]),
  };
}

describe('a table of many columns', () => {
  test('of CSV has the values, types and row numbers that its parts have', async () => {
    const options = { missing: ['?'] };
    const whole = await seen(fileOf(csvOf(places)), options);
    const alone = [];
    for (const part of parts) alone.push(await seen(fileOf(csvOf(part)), options));
    expect(whole).toMatchObject(joined(alone));
    expect(whole.rows.map(([number]) => number)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    expect([whole.columns['a'], whole.columns['A'], whole.columns['c151']]).toEqual(['text', 'boolean', 'decimal']);
    expect(whole.defects).toEqual(['ragged row 4, left out']);
    expect(whole.rows[4]?.[152]).toBe('123456789012345678901.5');
  });

  test('of CSV says of what column and row a defect is, and calls equal names by numbers', async () => {
    const names = places.map((index) => (index === 120 || index === 240 ? 'c7' : `c${index}`));
    const line = (row: number): string => places.map((index) => textOf(row, index)).join(',');
    const { defects, columns: types } = await seen(fileOf([names.join(','), line(0), line(1), line(3)].join('\n')));
    expect(defects).toEqual([
      ...['duplicate-name column c7.1', 'duplicate-name column c7.2'],
      'unreadable row 3 column c150',
    ]);
    expect([types['c150'], types['c7.2']]).toEqual(['text', 'integer']);
  });

  test('is asked about the columns that the question names, whatever texts stand in it', async () => {
    const table = await openTable(fileOf(csvOf(places)), { threads: 2 });
    try {
      const { engine, relation, rowNumber = '' } = table;
      const valueOf = (index: number): string => table.columns[index]?.value ?? '';
      const [a, b, c] = [valueOf(2), valueOf(100), valueOf(248)];
      const asked = async (sql: string): Promise<unknown> => engine.rows(sql);
      expect(await asked(`SELECT count(*) FROM ${relation}`)).toEqual([[7]]);
      expect(await asked(`SELECT max(${rowNumber}) FROM ${relation}`)).toEqual([[8]]);
      expect(await asked(`SELECT ${rowNumber} FROM ${relation} WHERE ${a} = 't6' AND 'it''s "' <> ${c}`)).toEqual([
        [7],
      ]);
      expect(await asked(`SELECT ${rowNumber}, ${a}, ${c} FROM ${relation} WHERE ${b} IS NOT NULL ORDER BY 1`)).toEqual(
        [0, 1, 2, 4, 5, 6, 7].map((row) => [row + 1, `t${row}`, `t${row}`]),
      );
      expect((await engine.rows(`SELECT * FROM ${relation} LIMIT 1`))[0]).toHaveLength(columns + 1);
      expect(await asked(`SELECT sum(2 * ${valueOf(1)}), '${relation}' FROM ${relation}`)).toEqual([[57, relation]]);
      const streamed = [];
      for await (const [numbers = []] of engine.stream(`SELECT ${rowNumber} FROM ${relation}`))
        streamed.push(...numbers);
      expect(streamed).toEqual([1, 2, 3, 5, 6, 7, 8]);
    } finally {
      await table.close();
    }
  });

  test('of JSON lines has the values that its parts have, those of odd keys too', async () => {
    const valueOf = (row: number, index: number): unknown =>
      [row * index, row + 0.25, `t${row}`, `2024-01-0${row + 1}`, row % 2 === 0, [row], null, '?', ''][index % 9];
    const keyOf = (index: number): string => (index === 7 ? 'a/b~c' : index === 8 ? "it's \u00e9" : nameOf(index));
    const linesOf = (some: readonly number[]): string =>
      Array.from({ length: rows }, (_, row) =>
        row === 2
          ? 'no object'
          : JSON.stringify(Object.fromEntries(some.map((index) => [keyOf(index), valueOf(row, index)]))),
      ).join('\n');
    const options = { missing: ['?'] };
    const whole = await seen(fileOf(linesOf(places), 'wide.jsonl'), options);
    const alone = [];
    for (const part of parts) alone.push(await seen(fileOf(linesOf(part), 'part.jsonl'), options));
    expect(whole).toMatchObject(joined(alone));
    expect(whole.rows.map(([number]) => number)).toEqual([1, 2, 4, 5, 6, 7, 8]);
    expect(whole.defects).toEqual(['unreadable row 3, left out']);
    expect([whole.columns['a/b~c'], whole.columns['c9'], whole.columns['c14']]).toEqual(['text', 'integer', 'nested']);
  });

  test('of Arrow and Parquet has the values that were written', async () => {
    const wide = 510;
    const all = Array.from({ length: wide }, (_, index) => index);
    const arrays = all.map((index) => [`c${index}`, Float64Array.from([index, index + 0.5, -index])] as const);
    const arrow = fileOf(tableToIPC(tableFromArrays(Object.fromEntries(arrays)), 'stream'), 'wide.arrow');
    const parquet = join(temporaryFolder('holdfast-wide'), 'wide.parquet');
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    const values = all.map((index) => `unnest([${index}, ${index}.5, -${index}])::DOUBLE AS c${index}`);
    await connection.run(`COPY (SELECT ${values.join(', ')}) TO '${parquet}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    const expected = [
      [1, ...all.map((index) => `${index}.0`)],
      [2, ...all.map((index) => `${index}.5`)],
      [3, ...all.map((index) => (index === 0 ? (expect.stringMatching(/^-?0[.]0$/) as unknown) : `-${index}.0`))],
    ];
    for (const path of [arrow, parquet]) expect(await seen(path)).toMatchObject({ rows: expected, defects: [] });
  });
});
