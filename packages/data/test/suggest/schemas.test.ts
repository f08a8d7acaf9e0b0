import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable, type Table } from '@holdfast/dataset';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataError } from '../../src/errors.ts';
import { schemaSuite } from '../../src/suggest/import/read-schema.ts';
import { suiteText } from '../../src/suggest/suite-text.ts';
import { missedIn } from './suggested.ts';

interface Recorded {
  readonly tables: Readonly<Record<string, string>>;
  readonly cases: readonly {
    readonly peer: string;
    readonly name: string;
    readonly schema: string;
    readonly valid: Readonly<Record<string, boolean>>;
  }[];
}

/** Made by tools/peers/record-schemas.py with Frictionless and pandera of the versions that stand in it. */
const { tables, cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/schemas.json'), 'utf8'),
) as Recorded;

let folder: string;
const opened = new Map<string, Table>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  for (const [name, text] of Object.entries(tables)) {
    writeFileSync(join(folder, `${name}.csv`), text);
    opened.set(name, await openTable(join(folder, `${name}.csv`), { threads: 1 }));
  }
}, 60_000);
afterAll(async () => {
  for (const table of opened.values()) await table.close();
  rmSync(folder, { recursive: true });
});

test.each(cases)('$peer, $name: tables meet the suite as they meet the schema', async ({ schema, valid }) => {
  const suite = schemaSuite(schema);
  expect(suite.left).toEqual([]);
  const text = suiteText('schema', suite, {});
  const said: Record<string, boolean> = {};
  for (const [name, table] of opened) said[name] = (await missedIn(table, text)).length === 0;
  expect(said).toEqual(valid);
});

test('what has no counterpart is named', () => {
  const table = {
    fields: [
      { name: 'at', type: 'datetime', constraints: { minimum: '2020-01-01T00:00:00Z' } },
      { name: 'mail', type: 'string', format: 'email', bareNumber: false, constraints: { later: 1 } },
    ],
    foreignKeys: [],
    missingValues: ['', '-'],
  };
  expect(schemaSuite(JSON.stringify(table)).left).toEqual([
    'field `at`: the type `datetime` with the format `default` has no counterpart',
    'field `at`: the constraint `minimum` of `datetime` has no counterpart',
    'field `mail`: the type `string` with the format `email` has no counterpart',
    'field `mail`: `bareNumber` has no counterpart',
    'field `mail`: the constraint `later` of `string` has no counterpart',
    'the property `foreignKeys` of the schema has no counterpart',
    '`missingValues`: say them where the table is read (--missing)',
  ]);
  const frame = `schema_type: dataframe
columns:
  a: {dtype: category, nullable: true, unique: true, coerce: true, checks: {mine: 3, isin: {value: [1], options: {ignore_na: false}}}}
  b.*: {dtype: int64, regex: true}
  c: {dtype: int64, required: false}
index: [{dtype: int64}]
strict: true
ordered: true
unique: a
`;
  expect(schemaSuite(frame).left).toEqual([
    '`strict`, beside columns that may be absent, has no counterpart',
    '`ordered`, beside other columns, has no counterpart',
    'column `a`: `coerce` changes the data',
    'column `a`: the dtype `category` has no counterpart',
    'column `a`: `unique` counts missing values too, which an expectation passes over',
    'column `a`: the check `mine` has no counterpart',
    'column `a`: the check `isin` has no counterpart',
    'column `b.*`: it stands for all whose names match',
    'column `c`: it may be absent: an expectation about it would then not be met',
    '`unique` of one column of the schema, where nothing equals nothing, has no counterpart',
    'the property `index` of the schema has no counterpart',
  ]);
});

const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const hostile: readonly (readonly [what: string, text: string])[] = [
  ['Python', 'import pandera as pa\nschema = pa.DataFrameSchema({})\n'],
  ['an alias', 'schema_type: &a dataframe\ncolumns: {x: {dtype: *a}}\n'],
  ['a key twice', 'schema_type: dataframe\nschema_type: dataframe\n'],
  ['a tag', 'schema_type: !!js/function "x"\n'],
  ['depth', `{"fields": ${deep}}`],
  ['depth in YAML', `fields: ${deep}`],
  ['no fields', '{"fields": []}'],
  ['fields that are no list', '{"fields": {}}'],
  ['two fields of one name', '{"fields": [{"name": "a"}, {"name": "a"}]}'],
  ['a field without a name', '{"fields": [{"type": "string"}]}'],
  ['a key of no field', '{"fields": [{"name": "a"}], "primaryKey": ["b"]}'],
  ['a bound that is no number', '{"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": "x"}}]}'],
  ['a flag that is none', '{"fields": [{"name": "a", "constraints": {"required": "yes"}}]}'],
  ['both kinds', '{"fields": [{"name": "a"}], "schema_type": "dataframe"}'],
  ['a series', '{"schema_type": "series", "columns": {}}'],
  ['columns that are a list', '{"schema_type": "dataframe", "columns": []}'],
  ['a check of objects', '{"schema_type": "dataframe", "columns": {"a": {"isin": [{}]}}}'],
  ['nothing', ''],
  ['a number', '7'],
];

test.each(hostile)('refused: %s', (_what, text) => {
  expect(() => schemaSuite(text)).toThrow(expect.objectContaining({ code: 'HF_DATA_SCHEMA' }) as Error);
});

test('a schema too long is refused', () => {
  expect(() => schemaSuite(`{"fields": [${' '.repeat(4 * 2 ** 20)}]}`)).toThrow(/more than/);
});

test('whatever is changed in a schema, it is read or refused with a code', () => {
  const bases = cases.map(({ schema }) => schema);
  fc.assert(
    fc.property(fc.constantFrom(...bases), fc.nat(), fc.nat(40), fc.string({ maxLength: 8 }), (base, at, cut, put) => {
      const from = at % base.length;
      try {
        schemaSuite(base.slice(0, from) + put + base.slice(from + cut));
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }),
    { seed: 6, numRuns: 400 },
  );
});
