import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { DataError } from '../../src/errors.ts';
import { expectationTypes } from '../../src/validate/expectations/index.ts';
import { withParameters } from '../../src/validate/parameters.ts';
import { casesOf, comparable, oursComparable, type Recorded, RecordedTables } from './recorded.ts';

const tables = new RecordedTables();
afterAll(async () => {
  await tables.close();
});

/** A text is no number to `between`. GX 1.x takes no parameter for a column, as 0.x did; and pandas compares no time with a date that a parameter is. */
const others: Readonly<Record<string, string>> = {
  'column_values_to_be_between of mixed: the column': '{"success":true,"elements":12,"missing":0,"unexpected":0}',
  'column_values_to_be_between of mixed: a time': 'sqlite',
  'column_values_to_be_between of mixed: {$PARAMETER: text} 10': 'unanswered',
};

test('parameters of Great Expectations, as it works them out', { timeout: 60_000 }, async () => {
  const differing = [];
  for (const each of casesOf('parameters')) {
    if (!expectationTypes.has(each.expectation.type)) continue;
    const other = others[each.name] ?? comparable(each.pandas, each);
    const theirs = other === 'sqlite' ? comparable(each.sqlite as Recorded, each) : other;
    const ours = await tables.judge(each);
    if (oursComparable(ours) !== theirs)
      differing.push({ name: each.name, theirs, ours: oursComparable(ours), why: ours.reason });
  }
  expect(differing).toEqual([]);
});

const given = { low: 2, high: 8, text: '2', when: '2024-02-28', e: 1, list: [1], days: 3, half: 0.5 };
const valueOf = (expression: unknown, more = {}): unknown =>
  withParameters({ value: { $PARAMETER: expression, ...more } }, given)['value'];

// Worked out by hand, by the grammar that GX documents.
test.each([
  ['low', 2],
  [' low ', 2],
  ['list', [1]],
  ['low + high / 2 * 3', 14],
  ['high - low - 1', 5],
  ['2 ^ 3 ^ 2', 512],
  ['-low ^ 2', 4],
  ['low - -1', 3],
  ['low--1', 3],
  ['- - low', 2],
  ['+low', 2],
  ['(low)', 2],
  ['((low + 1))', 3],
  ['.5 * high', 4],
  ['1e2 + 1', 101],
  ['text + 1', 3],
  ['round(low / 4)', 0],
  ['round(half + 1)', 2],
  ['round(2.5)', 2],
  ['round(3.5)', 4],
  ['round(0 - 2.5)', -2],
  ['trunc(0 - 2.7)', -2],
  ['sgn(0 - high) * abs(0 - 3)', -3],
  ['PI + 0', Math.PI],
  ['e * 1', Math.E],
  ['datetime(2024, 2, 29) + timedelta(hours=36)', '2024-03-01T12:00:00'],
  ['datetime(2024, 1, 1, 10, 30, 15, 250) - timedelta(1, 5)', '2023-12-31T10:30:10.000250'],
  ['when + timedelta(weeks=1, minutes=-1)', '2024-03-05T23:59:00'],
  ['when + timedelta(hours=1) * 3', '2024-02-28T03:00:00'],
  ['when + (datetime(2024, 1, 3) - datetime(2024, 1, 1))', '2024-03-01T00:00:00'],
])('%s', (expression, value) => {
  expect(valueOf(expression)).toEqual(value);
});

test('now is the local time of the clock', () => {
  const stamp = (at: Date): string => {
    const two = (part: number): string => String(part).padStart(2, '0');
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}`;
  };
  const [before, now, after] = [new Date(), String(valueOf('now()')), new Date()];
  expect([stamp(before), stamp(after)]).toContain(now.slice(0, 13));
  expect(String(valueOf('now() + timedelta(hours=24)')).slice(0, 10) > now.slice(0, 10)).toBe(true);
});

test('a suite of 0.x says itself what its parameters stand for', () => {
  expect(valueOf('low', { '$PARAMETER.low': 5 })).toBe(5);
  expect(valueOf('absent', { '$PARAMETER.absent': 'x' })).toBe('x');
  expect(withParameters({ a: [{ b: { $PARAMETER: 'low' } }], c: null }, given)).toEqual({ a: [{ b: 2 }], c: null });
});

test.each([
  ['absent', 'nothing says what `absent` stands for'],
  ['absent + 1', 'nothing says what `absent` stands for'],
  ['constructor', 'nothing says what `constructor` stands for'],
  ['toString()', 'the function `toString`'],
  ['100', 'nothing says what `100` stands for'],
  ['', 'ends too soon'],
  ['low;high', 'is no part of an expression'],
  ['low high', '`high` where it might end'],
  ['low /', 'ends too soon'],
  ['* low', '`*` where a value has to be'],
  ['(low', '`)` is missing'],
  ['low / 0', 'divides by zero'],
  ['list + 1', '`list` is no number'],
  ['(0 - 8) ^ half', '`^` of such numbers'],
  ['10 ^ 400', 'too large'],
  ['3 ^ 99', 'too large'],
  ['+-low', 'several signs'],
  ['now() + 1', '`+` of such values'],
  ['-now()', '`-` before a time'],
  ['datetime(2023, 2, 29)', '`datetime` of such arguments'],
  ['datetime(9999, 12, 31) + timedelta(weeks=1)', 'after 9999'],
  ['timedelta(hours=1)', 'comes to a span'],
  ['timedelta(days=1)', 'is an argument and a parameter'],
  ['timedelta(hours=1, hours=2)', 'twice'],
  ['timedelta(years=1)', '`timedelta` of such arguments'],
  ['abs(x=1)', 'by name'],
  ['round(2.5, 1)', 'arguments of `round`'],
  ['open(1)', 'the function `open`'],
  ['urn:great_expectations:validations:a:b', 'is no part of an expression'],
  [`${'('.repeat(60)}low${')'.repeat(60)}`, 'too deep'],
  [`low${'^low'.repeat(60)}`, 'too deep'],
  [' '.repeat(1001), 'more than 1000 characters'],
  [7, 'is no text'],
])('%s is refused', (expression, why) => {
  expect(() => valueOf(expression)).toThrow(DataError);
  expect(() => valueOf(expression)).toThrow(why);
});

test('what lies too deep is refused', () => {
  let deep: unknown = 1;
  for (let depth = 0; depth < 200; depth += 1) deep = [deep];
  expect(() => withParameters({ deep }, {})).toThrow('too deep');
});

test('whatever is written, there is a value or a reason', () => {
  const words = [
    'low',
    'text',
    'when',
    'now()',
    'timedelta(',
    'hours=',
    '(',
    ')',
    ',',
    '+',
    '-',
    '*',
    '/',
    '^',
    '1',
    '.5',
    'round(',
    ' ',
    '%',
    '_',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), (parts) => {
      try {
        expect(valueOf(parts.join(''))).toBeDefined();
      } catch (error) {
        expect(error).toBeInstanceOf(DataError);
      }
    }),
    { numRuns: 500, seed: 6 },
  );
});
