import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { Unanswerable } from '../../src/validate/expectation-type.ts';
import { expectationTypes } from '../../src/validate/expectations/index.ts';
import { Kwargs } from '../../src/validate/kwargs.ts';
import { rowCondition } from '../../src/validate/row-condition.ts';
import { casesOf, comparable, oursComparable, RecordedTables } from './recorded.ts';

interface RecordedQuery {
  readonly table: string;
  readonly query: string;
  readonly rows?: readonly number[];
  readonly raised?: string;
}

const tables = new RecordedTables();
afterAll(async () => {
  await tables.close();
});

/** The rows that a condition chooses, or why there is no telling. */
async function chosen(name: string, given: Readonly<Record<string, unknown>>): Promise<readonly number[] | string> {
  const table = await tables.table(name);
  try {
    const condition = rowCondition(new Kwargs(given, 'expectation 1'), [table]);
    for (const { broken, reason } of condition?.demands ?? []) {
      const [row] = await table.engine.rows(`SELECT count(*) FROM ${table.relation} WHERE ${broken}`);
      if (Number(row?.[0]) > 0) return reason;
    }
    const where = condition?.where ?? 'TRUE';
    const [missing] = await table.engine.rows(`SELECT count(*) FROM ${table.relation} WHERE (${where}) IS NULL`);
    expect(missing, JSON.stringify(given)).toEqual([0]);
    const rows = await table.engine.rows(
      `SELECT ${table.rowNumber ?? ''} AS n FROM ${table.relation} WHERE ${where} ORDER BY n`,
    );
    return rows.map(([row]) => Number(row));
  } catch (error) {
    if (error instanceof Unanswerable) return error.message;
    throw error;
  }
}

/** What pandas answers and this does not, on purpose. */
const beyond = String.raw`
seen > 2024|seen > born|rank in grade|rank == grade|rank ** 0.5 > 2|2 ** rank > 30
rank / (rank - 5) > 1|rank // (rank - 5) > 1|rank % (rank - 5) == 0|2 ** -1 < score|sqrt(score) > 1|rank > -9007199254740993|rank > 1 and age
score > inf|rank > 1 == True|rank > -3 < 5|rank > 3 > 1|grade == b'a'|grade == '\N{LATIN SMALL LETTER A}'
rank > 0b11|rank > 1j|rank.values > 3|rank > rank.mean()|rank > 3 # more|~rank > 3|rank.astype('str') == '5'|seen.dt.date == '2024-03-01'|seen.dt.month_name() == 'March'|seen.dt.microsecond == 0|seen.dt.is_month_start
score // 0 == 1|grade.str.title() == 'A'|value > inf|value // 2 == 1|value % 2 == 1
value - value == 0|value * 0 == 0|big + 1 > 9007199254740993`
  .trim()
  .split(/[|\n]/);

test('the rows that pandas chooses, and nothing where it throws', { timeout: 60_000 }, async () => {
  const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/row-conditions.json'), 'utf8')) as {
    cases: RecordedQuery[];
  };
  const [different, refused]: [unknown[], string[]] = [[], []];
  for (const { table, query, rows, raised } of cases) {
    const ours = await chosen(table, { row_condition: query, condition_parser: 'pandas' });
    if (typeof ours === 'string') {
      if (raised === undefined) refused.push(query);
    } else if (JSON.stringify(ours) !== JSON.stringify(rows)) different.push({ table, query, ours, rows, raised });
  }
  expect(different).toEqual([]);
  expect(refused).toEqual(beyond);
});

test('conditions of Great Expectations in every form that it stores, as it says', { timeout: 60_000 }, async () => {
  const differing = [];
  for (const each of casesOf('conditions')) {
    // Types that come with other files have their own tests.
    if (!expectationTypes.has(each.expectation.type)) continue;
    if (JSON.stringify(each.expectation.kwargs['row_condition']).includes('"conditions":[]')) continue;
    const ours = await tables.judge(each);
    if (oursComparable(ours) !== comparable(each.pandas, each))
      differing.push({
        name: each.name,
        theirs: comparable(each.pandas, each),
        ours: oursComparable(ours),
        why: ours.reason,
      });
  }
  expect(differing).toEqual([]);
});

test.each([
  [
    'of no conditions pandas makes no rows and SQLite all',
    { type: 'and', conditions: [] },
    'an `and` of no conditions',
  ],
  ['an `or` within an `and`', { type: 'and', conditions: [{ type: 'or', conditions: [] }] }, 'an `or` within'],
  ['a list', [], 'a part of the type `undefined`'],
  ['a number', 5, 'a part of it is no object'],
  ['too deep', `${'('.repeat(200)}rank > 1${')'.repeat(200)}`, 'too deep'],
  ['too deep in `not`', `${'not '.repeat(200)}rank > 1`, 'too deep'],
  ['too long', `rank > 1${' '.repeat(10_000)}and rank > 2`, 'more than 10000 characters'],
  ['growing without end', `${'abs('.repeat(40)}rank${')'.repeat(40)} > 1`, 'says too much'],
  ['a name of two forms', 'ﬁ > 1', 'takes the name'],
  ['Python', '__import__("os").system("true")', 'the function `__import__`'],
])('is refused: %s', async (_, condition, why) => {
  expect(await chosen('mixed', { row_condition: condition })).toContain(why);
});

test('more parts than Great Expectations takes, and a parser that nobody knows', async () => {
  const part = { type: 'nullity', column: { name: 'rank' }, is_null: false };
  const many = { type: 'and', conditions: Array.from({ length: 101 }, () => part) };
  expect(await chosen('mixed', { row_condition: many })).toContain('more than 100 parts');
  expect(await chosen('mixed', { row_condition: { ...many, conditions: [part, part] } })).toHaveLength(12);
  expect(await chosen('mixed', { row_condition: 'rank > 1', condition_parser: 'sql' })).toContain('`condition_parser`');
});

test('older conditions', async () => {
  const older = { condition_parser: 'great_expectations__experimental__' };
  expect(await chosen('mixed', { ...older, row_condition: 'col("seen") > date("2024-06-01")' })).toEqual([
    9, 10, 11, 12,
  ]);
  for (const bad of [
    'col("seen") > date("2024-06-01"',
    'col("seen") > "2024-06-01")',
    'col("rank") > 4 and 1',
    'rank > 4',
  ])
    expect(await chosen('mixed', { ...older, row_condition: bad })).toContain('not understood');
});

test('the number of a row is no index where the table lies in several files', async () => {
  const table = await tables.table('mixed');
  const kwargs = new Kwargs({ row_condition: 'index > 3' }, 'expectation 1');
  expect(() => rowCondition(kwargs, [table, table])).toThrow('there is no column `index`');
});

test('whatever is written, there is a condition or a reason', async () => {
  const table = await tables.table('mixed');
  const words = [
    'rank',
    'grade',
    'active',
    'seen',
    ' and ',
    ' or ',
    'not ',
    ' in ',
    '(',
    ')',
    '[',
    ']',
    ',',
    '==',
    '<',
    '>=',
    '+',
    '-',
    '*',
  ];
  const more = [
    '%',
    '**',
    '//',
    '~',
    "'a'",
    '"',
    "'",
    '`',
    '.',
    'isnull()',
    '.str.len()',
    '1',
    '2.5',
    'None',
    'True',
    '\\',
    '\n',
    '=',
    'é',
    '\u0000',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words, ...more), { maxLength: 14 }), (parts) => {
      const kwargs = new Kwargs({ row_condition: parts.join('') }, 'expectation 1');
      try {
        expect(rowCondition(kwargs, [table])?.where ?? 'TRUE').not.toBe('');
      } catch (error) {
        expect(error).toBeInstanceOf(Unanswerable);
      }
    }),
    { numRuns: 500, seed: 6 },
  );
});
