import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable, type Table } from '@holdfast/dataset';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Judged, runSuite } from '../../src/validate/run-suite.ts';
import { parseSuite } from '../../src/validate/suite.ts';
import { judgedLimits } from '../../src/validate/texts/judged.ts';
import { differing, isSlow, RecordedTables } from './formats.ts';
import { casesOf } from './recorded.ts';

const tables = new RecordedTables();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'formats-'));
});
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true });
});

test.each(['text-formats', 'like'])('%s: as Great Expectations says', { timeout: 60_000 }, async (file) => {
  expect(await differing(tables, file, casesOf(file))).toEqual([]);
});

test('regex: as Great Expectations says', { timeout: 60_000 }, async () => {
  const cases = casesOf('regex');
  // Each slow one starts a process: the rest of them is in the longer tests.
  const slow = cases.filter(isSlow).filter((_, index) => index % 12 === 0);
  expect(await differing(tables, 'regex', [...cases.filter((each) => !isSlow(each)), ...slow])).toEqual([]);
});

async function csv(name: string, lines: readonly string[]): Promise<Table> {
  const path = join(folder, `${name}.csv`);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return openTable(path, { threads: 1 });
}

async function judge(
  parts: readonly [Table, ...Table[]],
  type: string,
  kwargs: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Judged> {
  const suite = parseSuite(JSON.stringify({ expectations: [{ type, kwargs }] }));
  const [judged] = await runSuite(parts, suite, { rows: 3, ...(signal === undefined ? {} : { signal }) });
  if (judged === undefined) throw new Error('nothing was judged');
  return judged;
}

const strftime = 'expect_column_values_to_match_strftime_format';
const isJson = 'expect_column_values_to_be_json_parseable';

test('the first rows that do not fit are found, in all parts, and only those that the condition chooses', async () => {
  const first = await csv('first', ['kind,day', 'a,x2024', 'b,2024-01-02', 'a,2024-02-30', 'b,none']);
  const second = await csv('second', ['kind,day', 'b,none', 'a,2024-02-30', 'a,2024-03-01']);
  const { outcome, rows } = await judge([first, second], strftime, {
    ...{ column: 'day', strftime_format: '%Y-%m-%d', row_condition: "kind == 'a'", condition_parser: 'pandas' },
  });
  expect(outcome?.counts).toEqual({ elements: 4, missing: 0, unexpected: 3 });
  expect(rows.map(({ part, row, values }) => [part, row, values['day']])).toEqual([
    [1, 1, 'x2024'],
    [1, 3, '2024-02-30'],
    [2, 2, '2024-02-30'],
  ]);
  for (const table of [first, second]) await table.close();
});

test('long values, and those with a quote or a NUL in them, are found again', async () => {
  const long = 'x'.repeat(2000);
  const table = await csv('long', ['text', '"it\'s"', long, '1', 'a\u0000b']);
  const { outcome, rows } = await judge([table], isJson, { column: 'text' });
  expect(outcome?.counts).toEqual({ elements: 4, missing: 0, unexpected: 3 });
  expect(rows.map(({ row }) => row)).toEqual([1, 2, 4]);
  await table.close();
});

test('of very many values that do not fit, those are shown that come first', async () => {
  const table = await csv('many-bad', ['text', ...Array.from({ length: 450 }, (_, index) => `x${index}`)]);
  const { outcome, rows } = await judge([table], isJson, { column: 'text' });
  expect(outcome?.counts?.unexpected).toBe(450);
  expect(rows.map(({ row }) => row)).toEqual([1, 2, 3]);
  await table.close();
});

test('the hash of a long value is the one that the engine computes', async () => {
  const table = await csv('hash', ['text', 'x']);
  const [[ours] = []] = await table.engine.rows(`SELECT ${table.engine.dialect.hash("'é'")}`);
  const digest = createHash('md5').update('é').digest('hex').slice(0, 15);
  expect(BigInt(ours as number | bigint)).toBe(BigInt(`0x${digest}`));
  await table.close();
});

test('digits within the texts of JSON are no numbers', async () => {
  const table = await csv('ids', ['text', '"[""4111111111111111e999""]"', '[]']);
  const { outcome, reason } = await judge([table], 'expect_column_values_to_match_json_schema', {
    ...{ column: 'text', json_schema: { items: { type: 'string' } } },
  });
  expect(reason).toBeUndefined();
  expect(outcome?.counts).toEqual({ elements: 2, missing: 0, unexpected: 0 });
  await table.close();
});

test("two schemas of one name, one of them about trees, do not get in each other's way", async () => {
  const table = await csv('trees', ['text', '"{""a"":{""a"":1}}"', '"{""a"":{}}"']);
  const type = 'expect_column_values_to_match_json_schema';
  const $id = 'https://example.invalid/tree';
  const tree = { $id, type: 'object', properties: { a: { $ref: '#' } } };
  expect((await judge([table], type, { column: 'text', json_schema: tree })).outcome?.counts?.unexpected).toBe(1);
  const other = { $id, type: 'object' };
  expect((await judge([table], type, { column: 'text', json_schema: other })).outcome?.success).toBe(true);
  await table.close();
});

test('a value over the limit, and a column that is too large, are not judged', async () => {
  const table = await csv('large', ['text', 'y'.repeat(judgedLimits.longest + 1), '1']);
  expect((await judge([table], isJson, { column: 'text' })).reason).toContain('a value has more than');
  await table.close();
  const many = await csv('many', ['text', ...Array.from({ length: 5000 }, (_, index) => `n${index}`)]);
  const limits = { ...judgedLimits };
  try {
    judgedLimits.values = 4000;
    expect((await judge([many], isJson, { column: 'text' })).reason).toContain('more than 4000 different values');
    Object.assign(judgedLimits, limits, { characters: 100 });
    expect((await judge([many], isJson, { column: 'text' })).reason).toContain('more than 100 characters together');
  } finally {
    Object.assign(judgedLimits, limits);
  }
  expect((await judge([many], isJson, { column: 'text' })).outcome?.counts?.unexpected).toBe(5000);
  const stopped = AbortSignal.abort(new Error('stopped'));
  await expect(judge([many], isJson, { column: 'text' }, stopped)).rejects.toThrow('stopped');
  await many.close();
});

test.each([
  [strftime, { strftime_format: '%Z' }, '`%Z` is not understood'],
  [strftime, { strftime_format: '%Y-%Y' }, '`%Y` is there twice'],
  [strftime, { strftime_format: '%V' }, 'do not belong together'],
  [strftime, { strftime_format: ' '.repeat(1001) }, 'more than 1000 characters'],
  ['expect_column_values_to_match_json_schema', { json_schema: [] }, '`json_schema` of expectation 1 is no object'],
  ['expect_column_values_to_match_json_schema', { json_schema: { pattern: '(?P<a' } }, 'cannot be run'],
  [
    'expect_column_values_to_match_json_schema',
    { json_schema: { allOf: [{ $ref: '#' }] } },
    'refers to itself without end',
  ],
  ['expect_column_values_to_match_json_schema', { json_schema: {} }, 'a value is no JSON', 'word'],
  ['expect_column_values_to_match_json_schema', { json_schema: {} }, 'NaN or Infinity', 'nan'],
  ['expect_column_values_to_match_json_schema', { json_schema: {} }, 'cannot tell apart', 'digits'],
  ['expect_column_values_to_match_json_schema', { json_schema: {} }, 'are no texts, but integer', 'number'],
  ['expect_column_values_to_be_dateutil_parseable', {}, 'there is no telling', 'week'],
  ['expect_column_values_to_match_regex', { regex: '(?P<a' }, 'its pattern cannot be run'],
  ['expect_column_values_to_match_regex_list', { regex_list: Array.from({ length: 51 }, () => 'a') }, 'more than 50'],
  ['expect_column_values_to_match_regex', { regex: 'a' }, 'depends on more than each of them', 'time'],
  ['expect_column_values_to_match_like_pattern', { like_pattern: 'a!', escape: '!' }, 'is no pattern'],
  ['expect_column_values_to_match_like_pattern', { like_pattern: 'a', escape: '%' }, '`escape` of expectation 1'],
  ['expect_column_values_to_match_like_pattern', { like_pattern: 'a' }, 'is not the same in all engines', 'time'],
])('%s is not answered (case %$): %j, %s', async (type, kwargs, why, column = 'json') => {
  const table = await csv('one', [
    'json,word,nan,digits,number,week,time',
    '{},x,[NaN],[12345678901234567.0],5,2024-W05,2024-01-01 10:00',
  ]);
  const judged = await judge([table], type, { column, ...kwargs });
  expect(judged.outcome).toBeUndefined();
  expect(judged.reason).toContain(why);
  await table.close();
});
