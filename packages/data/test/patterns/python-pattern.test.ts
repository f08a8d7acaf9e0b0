import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type PythonPattern, pythonPattern } from '@holdfast/data/validate/patterns/index';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';

interface Case {
  readonly pattern: string;
  readonly found?: string;
  readonly refused?: string;
}
interface Recorded {
  readonly recordedFrom: { readonly python: string };
  readonly texts: readonly string[];
  readonly categories: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly unassigned: readonly (readonly number[])[];
  readonly cases: readonly Case[];
}
const file = join(import.meta.dirname, '../fixtures/patterns.json');
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;
const { texts, cases } = recorded;
const known = cases.map((one) => ({ ...one, ours: pythonPattern(one.pattern) }));

const reasonOf = (pattern: PythonPattern): string => (pattern.engine === 'none' ? pattern.reason : pattern.engine);

describe(`patterns that Python ${recorded.recordedFrom.python} was asked about`, () => {
  it('are found by JavaScript in the same texts', () => {
    const asked = known.flatMap(({ pattern, found, ours }) => {
      if (ours.engine === 'none') return [];
      const compiled = new RegExp(ours.javascript, 'v');
      return [{ pattern, found, mine: texts.map((text) => (compiled.test(text) ? '1' : '0')).join('') }];
    });
    expect(asked.filter(({ found, mine }) => mine !== found)).toStrictEqual([]);
    expect(asked.length).toBeGreaterThan(600);
  });

  it('are found by RE2, as DuckDB has it, in the same texts, where RE2 is said to have them', async () => {
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run('CREATE TABLE texts (number INTEGER, text VARCHAR)');
    const insert = await connection.prepare('INSERT INTO texts VALUES ($1, $2)');
    for (const [index, text] of texts.entries()) {
      insert.bindInteger(1, index);
      insert.bindVarchar(2, text);
      await insert.run();
    }
    const digit = 'CASE WHEN regexp_matches(text, $1) THEN 1 ELSE 0 END';
    const select = await connection.prepare(`SELECT string_agg(${digit}, '' ORDER BY number) FROM texts`);
    const asked = [];
    for (const { pattern, found, ours } of known) {
      if (ours.engine !== 're2') continue;
      select.bindVarchar(1, ours.re2);
      const [[mine] = []] = (await select.runAndReadAll()).getRows();
      asked.push({ pattern, found, mine });
    }
    expect(asked.filter(({ found, mine }) => mine !== found)).toStrictEqual([]);
    expect(asked.length).toBeGreaterThan(400);
    connection.closeSync();
  });

  it('are refused where Python refuses them, with its words, and nowhere else', () => {
    for (const { pattern, refused, ours } of known) {
      if (ours.engine === 'none' && ours.reason === 'invalid') {
        expect({ pattern, refused: ours.message }).toStrictEqual({ pattern, refused });
      } else if (refused !== undefined) {
        // What is not translated is not read to its end: it never runs, either.
        expect({ pattern, engine: ours.engine }).toStrictEqual({ pattern, engine: 'none' });
      }
    }
  });
});

describe('what the categories are', () => {
  const inRanges = (ranges: readonly (readonly number[])[]): Uint8Array => {
    const members = new Uint8Array(0x110000);
    for (const [from = 0, to = 0] of ranges) members.fill(1, from, to + 1);
    return members;
  };
  const unknown = inRanges([...recorded.unassigned, [0xd800, 0xdfff]]);
  test.each(Object.entries(recorded.categories))('%s, of every character that Python knows', (pattern, ranges) => {
    const ours = pythonPattern(pattern);
    if (ours.engine === 'none') throw new Error(ours.message);
    const compiled = new RegExp(ours.javascript, 'v');
    const members = inRanges(ranges);
    const wrong: string[] = [];
    for (let point = 0; point < 0x110000; point += 1) {
      if (unknown[point] === 1) continue;
      if (compiled.test(String.fromCodePoint(point)) !== (members[point] === 1)) wrong.push(point.toString(16));
    }
    expect(wrong).toStrictEqual([]);
  });
});

test.each([
  ['^AB-\\d{3}$', 're2'],
  ['(?P<year>\\d{4})-(?P<month>\\d\\d)', 're2'],
  ['(?i)^ab', 're2'],
  ['a{1000}', 're2'],
  ['a{1001}', 'javascript'],
  ['(?:a{40}){40}', 'javascript'],
  ['a$b', 'javascript'],
  ['\\bword\\b', 'javascript'],
  ['^(?!.*secret)', 'javascript'],
  ['a++b', 'javascript'],
  ['(a)\\1', 'javascript'],
  ['(a)?\\1', 'unset-backreference'],
  ['(?i)(a)\\1', 'caseless-backreference'],
  ['(?i)[\u{10400}x]', 'caseless-beyond-bmp'],
  ['(a)?(?(1)b|c)', 'conditional'],
  ['\\N{DIGIT ONE}', 'character-name'],
  ['(?t)a', 'flag'],
  ['(?a:\\w)', 'scoped-ascii'],
  ['(?a)(?a:\\w)', 're2'],
  ['(?>(?:|a)*)b', 'empty-loop'],
  ['(?<=(?>a))b', 'atomic-lookbehind'],
  ['('.repeat(200) + ')'.repeat(200), 'too-deep'],
  ['a'.repeat(20_001), 'too-long'],
  ['(?:a{60000}){60000}(?=b)', 'javascript'],
  ['(', 'invalid'],
])('%s is for %s', (pattern, engine) => {
  expect(reasonOf(pythonPattern(pattern))).toBe(engine);
});

test('whatever is given is answered, and what is answered compiles', () => {
  const pieces = [
    '(',
    ')',
    '(?',
    '(?:',
    '(?=',
    '(?<!',
    '(?P<',
    '>',
    '[',
    ']',
    '^',
    '-',
    '\\',
    '\\d',
    '{',
    ',',
    '}',
    '1',
    '*',
    '+',
    '?',
    '|',
    '.',
    '$',
    'a',
    'é',
    '😀',
    '\ud800',
    '\n',
    '#',
    'i',
    'x',
  ];
  const made = fc.array(fc.constantFrom(...pieces), { maxLength: 24 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(made, fc.string({ unit: 'binary', maxLength: 40 })), (source) => {
      const ours = pythonPattern(source);
      if (ours.engine !== 'none') expect(new RegExp(ours.javascript, 'v').test('')).toBeTypeOf('boolean');
    }),
    { numRuns: 500 },
  );
});
