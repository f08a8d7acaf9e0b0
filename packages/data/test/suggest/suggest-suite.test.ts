import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordings } from '../validate/recorded.ts';
import { type Person, writePeople } from './people.ts';
import { missedBy, suggestedFor } from './suggested.ts';

let folder: string;
let people: string;
let suite: Awaited<ReturnType<typeof suggestedFor>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'suggest-'));
  people = writePeople(join(folder, 'people.csv'));
  suite = await suggestedFor(people);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const recorded = readdirSync(join(recordings, 'tables')).map((name) => join(recordings, 'tables', name));

test('a table meets what was suggested from it', { timeout: 60_000 }, async () => {
  for (const path of [people, ...recorded]) {
    const { text } = await suggestedFor(path);
    expect(await missedBy(path, text), path).toEqual([]);
  }
});

test('each expectation says the number that it came from', () => {
  const notes = suite.suggestions.map(({ type, kwargs, notes: said }) => [type, kwargs['column'], said.join('; ')]);
  expect(notes).toContainEqual([
    'expect_column_values_to_not_be_null',
    'age',
    '20 of 400 values are missing; half as many again may be, and 0.5 %',
  ]);
  expect(notes).toContainEqual([
    'expect_column_values_to_be_between',
    'age',
    '380 values from 20 to 80; ends moved outward by 10 % of the width; the values mean duration, which has ends of its own',
  ]);
  expect(suite.suggestions.every(({ notes: said }) => said.length > 0)).toBe(true);
});

const changes: readonly (readonly [type: string, change: (people: Person[]) => readonly object[]])[] = [
  ['expect_table_columns_to_match_ordered_list', (all) => all.map(({ kind, ...rest }) => ({ kind, ...rest }))],
  ['expect_table_row_count_to_be_between', (all) => all.slice(0, 199)],
  ['expect_column_values_to_be_in_type_list', (all) => all.map((one, at) => (at === 7 ? { ...one, id: 'x7' } : one))],
  ['expect_column_values_to_not_be_null', (all) => all.map((one, at) => (at % 5 < 1 ? { ...one, age: '' } : one))],
  ['expect_column_values_to_be_in_set', (all) => all.map((one, at) => (at === 9 ? { ...one, kind: 'grey' } : one))],
  ['expect_column_values_to_be_unique', (all) => all.map((one, at) => (at === 9 ? { ...one, id: '1000' } : one))],
  [
    'expect_column_proportion_of_unique_values_to_be_between',
    (all) => all.map((one, at) => ({ ...one, remark: `now and then again ${at % 3}` })),
  ],
  ['expect_column_values_to_be_between', (all) => all.map((one, at) => (at === 9 ? { ...one, score: '900' } : one))],
  ['expect_column_mean_to_be_between', (all) => all.map((one) => ({ ...one, score: '120' }))],
  [
    'expect_column_quantile_values_to_be_between',
    (all) => all.map((one, at) => ({ ...one, score: String(at % 2 === 0 ? 105 : 222) })),
  ],
  ['expect_column_values_to_match_regex', (all) => all.map((one) => ({ ...one, page: 'nowhere' }))],
  ['expect_column_value_lengths_to_be_between', (all) => all.map((one) => ({ ...one, remark: 'a b c d' }))],
  [
    'expect_column_values_to_match_strftime_format',
    (all) => all.map((one, at) => (at === 9 ? { ...one, opened: '12.11.2020' } : one)),
  ],
];

/** All of them at once: each is about a column of its own, or at home beside the others. */
const allChanged = (all: Person[]): readonly object[] =>
  all.slice(0, 199).map((one, at) => ({
    ...{ kind: 'grey', id: at % 2 === 0 ? 'x7' : '1000', key: one.key, page: 'nowhere', opened: '12.11.2020' },
    ...{ score: '900', age: at % 5 < 1 ? '' : one.age, remark: 'a b c d' },
  }));

test.each(changes)('a changed table misses %s', async (type, change) => {
  const path = writePeople(join(folder, 'changed.csv'), change);
  expect(await missedBy(path, suite.text)).toContain(type);
});

test('every type that is suggested is missed by some change above', async () => {
  const all = await Promise.all([people, ...recorded].map(async (path) => suggestedFor(path)));
  const types = new Set(all.flatMap(({ suggestions }) => suggestions.map(({ type }) => type)));
  expect([...types].sort()).toEqual(changes.map(([type]) => type).sort());
});

test('of what is confidential no value of a row gets into the suite', async () => {
  const { text, suggestions } = await suggestedFor(people, false);
  const shown = JSON.stringify(suggestions.filter(({ type }) => !type.startsWith('expect_table')));
  expect(shown).not.toMatch(/red|green|blue|seldom|often|example[.]org|2020|2021/);
  expect(suggestions.map(({ type }) => type)).not.toContain('expect_column_values_to_be_in_set');
  const ranges = suggestions.filter(({ type }) => type === 'expect_column_values_to_be_between');
  // What ages mean has an end of its own; it was not read from a row.
  expect(ranges.map(({ kwargs }) => kwargs)).toEqual([{ column: 'age', min_value: 0 }]);
  expect(await missedBy(people, text)).toEqual([]);
});

test('what pandas reads in another way is asked only where both agree, and said', async () => {
  const path = join(folder, 'odd.csv');
  const lines = Array.from({ length: 40 }, (_, at) => `00${at},${at % 8 === 0 ? 'NA' : 'x'}`);
  writeFileSync(path, `zip,answer\n${lines.join('\n')}\n`);
  const { suggestions, left } = await suggestedFor(path);
  expect(left).toEqual([
    'column `zip`: pandas makes numbers of these texts (`007` becomes 7): only whether they are there is asked',
  ]);
  const about = (name: string): string[] =>
    suggestions.filter(({ kwargs }) => kwargs['column'] === name).map(({ type }) => type);
  expect(about('zip')).toEqual(['expect_column_values_to_not_be_null']);
  const presence = suggestions.find(
    ({ type, kwargs }) => type === 'expect_column_values_to_not_be_null' && kwargs['column'] === 'answer',
  );
  // 5 of 40 are NA: 1 − 1.5 · 0.125 − 0.005
  expect(presence?.kwargs).toEqual({ column: 'answer', mostly: 0.807 });
});

const python = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'data/bin/python');

test('Great Expectations reads the suite, and says the same of the table and of a changed one', {
  timeout: 180_000,
}, async (context) => {
  if (!existsSync(python)) {
    if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`there is no ${python}`);
    context.skip('needs Great Expectations');
  }
  const tables = [people, join(folder, 'odd.csv'), ...recorded.filter((path) => /mixed|stamps|texts/.test(path))];
  const words: string[] = [];
  const expected: unknown[] = [];
  for (const [index, path] of tables.entries()) {
    const { text, suggestions } = await suggestedFor(path);
    const file = join(folder, `suite-${index}.json`);
    writeFileSync(file, text);
    words.push(path, file);
    expected.push({ expectations: suggestions.length, missed: [] });
  }
  words.push(writePeople(join(folder, 'all-changed.csv'), allChanged), join(folder, 'suite-0.json'));
  expected.push({
    expectations: suite.suggestions.length,
    missed: expect.arrayContaining(changes.map(([type]) => type)) as unknown,
  });
  const script = join(import.meta.dirname, '../../../../tools/peers/hold-suite.py');
  const told = execFileSync(python, [script, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const { held } = JSON.parse(told) as { held: unknown[] };
  expect(held).toEqual(expected);
});
