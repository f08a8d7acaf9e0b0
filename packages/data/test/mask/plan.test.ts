import { DataError } from '@holdfast/data/errors';
import { methodNames } from '@holdfast/data/mask/methods/methods';
import { largestPlan, parsePlan } from '@holdfast/data/mask/plan/parse-plan';
import { parseHierarchies } from '@holdfast/data/mask/plan/read-hierarchies';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { transformation } from './mask-scene.ts';

const columns = (text: string): string => `version: 1\ncolumns:\n${text}`;

describe('a plan', () => {
  test('says a method for every column, with what is so unless it is said', () => {
    const plan = parsePlan(`
version: 1
others: drop
keyId: 0123456789abcdef
columns:
  name: redact
  age: { method: bins, width: 10, onFailure: fail }
  "card number": { method: token, separators: " " }
`);
    expect({ ...plan, columns: Object.fromEntries(plan.columns) }).toEqual({
      ...{ version: 1, others: 'drop', keyId: '0123456789abcdef', onFailure: 'redact' },
      columns: {
        name: { method: 'redact', parameters: {}, onFailure: 'redact' },
        age: { method: 'bins', parameters: { width: 10, from: 0 }, onFailure: 'fail' },
        'card number': {
          ...{ method: 'token', onFailure: 'redact' },
          parameters: { alphabet: 'digits', separators: ' ', keepFirst: 0, keepLast: 0 },
        },
      },
    });
  });

  test('of JSON is the same plan', () => {
    const json = '{"version": 1, "columns": {"name": "redact", "7": {"method": "keep"}}}';
    expect(parsePlan(json)).toEqual(parsePlan('version: 1\ncolumns:\n  7: keep\n  name: redact\n'));
  });

  test('of one column may call it what it likes', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'a b', '"', '\u202e']) {
      const plan = parsePlan(`{"version":1,"columns":{${JSON.stringify(name)}:"redact"}}`);
      expect([...plan.columns.keys()]).toEqual([name]);
    }
  });
});

const secret = 'deadbeefdeadbeefdeadbeefdeadbeef';

describe('what is no plan is refused, and nothing of it is shown', () => {
  test.each([
    ['nothing', ''],
    ['a text', 'redact everything'],
    ['a list', '- name: redact'],
    ['no version', 'columns: { name: redact }'],
    ['another version', `version: 2\ncolumns: { name: redact }`],
    ['no column', 'version: 1\ncolumns: {}'],
    ['columns in a list', 'version: 1\ncolumns: [name]'],
    ['something else', `${columns('  name: redact')}\n${secret}: 1`],
    ['an unknown way with others', `others: pass\n${columns('  name: redact')}`],
    ['an unknown way with failures', `onFailure: keep\n${columns('  name: redact')}`],
    ['a key where its id belongs', `keyId: ${secret}\n${columns('  name: redact')}`],
    ['an unknown method', columns(`  name: ${secret}`)],
    ['a method of every object', columns('  name: constructor')],
    ['no method', columns('  name: { width: 3 }')],
    ['a number for a method', columns('  name: 7')],
    ['nothing for a method', columns('  name:')],
    ['a list for a method', columns('  name: [redact]')],
    ['a parameter of another method', columns('  name: { method: redact, width: 3 }')],
    ['a key as a parameter', columns(`  name: { method: hash, key: ${secret} }`)],
    ['a parameter of the wrong type', columns('  name: { method: mask, keepLast: "4" }')],
    ['a parameter out of its range', columns('  name: { method: mask, keepLast: 65 }')],
    ['a short hash', columns('  name: { method: hash, bytes: 8 }')],
    ['a missing parameter', columns('  name: { method: date-shift }')],
    ['an unknown form of dates', columns('  name: { method: period, format: "%Y" }')],
    ['a small shift', columns('  name: { method: date-shift, subject: id, days: 1 }')],
    ['a name that stands twice', columns('  name: redact\n  name: keep')],
    ['an alias', columns('  name: &a { method: redact }\n  other: *a')],
    ['a merge', columns('  name: &a { method: redact }\n  other: { <<: *a }')],
    ['a key that is a list', columns('  ? [a, b]\n  : redact')],
    ['many explicit keys', `version: 1\ncolumns:\n  ${'? '.repeat(500)}`],
    ['an empty name', columns('  "": redact')],
    ['a long name', columns(`  ${'n'.repeat(1001)}: redact`)],
    ['two documents', `${columns('  name: redact')}\n---\nversion: 1`],
    ['no YAML', 'version: [1'],
    ['binary', '\0\u0001\u0002'],
    ['deep brackets', '['.repeat(100_000)],
    ['too much', `# ${'x'.repeat(largestPlan)}\n${columns('  name: redact')}`],
  ])('%s', (_, text) => {
    let refused: unknown;
    try {
      parsePlan(text);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(DataError);
    expect(refused).toMatchObject({ code: 'HF_DATA_MASK_PLAN' });
    if (!text.includes(`\n${secret}`)) expect((refused as Error).message).not.toContain(secret);
  });

  test.each([
    [{ method: 'bins' }],
    [{ method: 'bins', width: 0 }],
    [{ method: 'bins', width: -1 }],
    [{ method: 'bins', width: 1, edges: [1] }],
    [{ method: 'bins', edges: [2, 1] }],
    [{ method: 'bins', edges: [1], above: 2 }],
    [{ method: 'bins', width: 1, below: 5, above: 5 }],
    [{ method: 'noise', scale: 0 }],
    [{ method: 'noise', scale: 1, grid: 0 }],
    [{ method: 'noise', scale: 1, grid: -1 }],
    [{ method: 'noise', scale: 1e15 }],
    [{ method: 'noise', scale: 1, least: 2, greatest: 1 }],
    [{ method: 'token', alphabet: 'a' }],
    [{ method: 'token', alphabet: 'numbers' }],
    [{ method: 'token', alphabet: 'aA1a' }],
    [{ method: 'token', separators: '1' }],
    [{ method: 'mask', separators: 'a' }],
  ])('%j', (plan) => {
    expect(() => transformation(plan)).toThrow(expect.objectContaining({ code: 'HF_DATA_MASK_PLAN' }));
  });
});

describe('hierarchies', () => {
  test.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a text for values', '{"job":"any"}'],
    ['no value', '{"job":{}}'],
    ['no level', '{"job":{"nurse":[]}}'],
    ['different levels', '{"job":{"nurse":["a"],"pilot":["a","b"]}}'],
    ['a number', '{"job":{"nurse":[1]}}'],
    ['an empty label', '{"job":{"nurse":[""]}}'],
    ['a long label', `{"job":{"nurse":["${'x'.repeat(1001)}"]}}`],
    ['too many levels', JSON.stringify({ job: { nurse: new Array(33).fill('x') } })],
    ['deep', '['.repeat(1_000_000)],
  ])('of %s are refused', (_, text) => {
    expect(() => parseHierarchies(text)).toThrow(expect.objectContaining({ code: 'HF_DATA_MASK_PLAN' }));
  });
});

const seeds = [
  columns('  name: redact\n  age: { method: bins, width: 10, above: 90 }\n'),
  '{"version":1,"others":"keep","columns":{"a":{"method":"date-shift","subject":"b","days":30},"b":"hash"}}',
  columns(methodNames.map((name) => `  ${name}: { method: ${name} }`).join('\n')),
];

test('a text that was changed anywhere is a plan, or refused with the code of a plan', () => {
  const edit = fc.record({
    ...{ at: fc.nat(), remove: fc.nat({ max: 20 }), repeat: fc.nat({ max: 4 }) },
    insert: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        '\n',
        ': ',
        '- ',
        '? ',
        '{',
        '[',
        '}',
        ']',
        '&a ',
        '*a',
        '!!',
        '"',
        "'",
        '|\n',
        '<<: ',
        '\t',
        '%',
        '#',
      ),
    ),
  });
  const changed = fc
    .tuple(fc.constantFrom(...seeds), fc.array(edit, { minLength: 1, maxLength: 8 }))
    .map(([seed, edits]) =>
      edits.reduce((text, { at, remove, repeat, insert }) => {
        const start = at % (text.length + 1);
        const piece = text.slice(start, start + 40).repeat(repeat);
        return text.slice(0, start) + insert + piece + text.slice(start + remove);
      }, seed),
    );
  fc.assert(
    fc.property(fc.oneof(changed, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
      try {
        const { columns: planned, others } = parsePlan(text);
        expect(['refuse', 'keep', 'drop', 'redact']).toContain(others);
        for (const { method } of planned.values()) expect(methodNames).toContain(method);
      } catch (error) {
        expect(error).toMatchObject({ code: 'HF_DATA_MASK_PLAN' });
      }
    }),
    { numRuns: Number(process.env['HOLDFAST_FUZZ_RUNS'] ?? 1500) },
  );
});
