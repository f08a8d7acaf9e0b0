import { expect, test } from 'vitest';
import { JsonSchema } from '../../src/validate/texts/json-schema.ts';
import { agrees, cases, hasPattern } from './json-schemas.ts';

test('texts fit schemas of drafts 4 to 2020-12 as they do for Great Expectations', async () => {
  const plain = cases.filter((each) => !hasPattern(each));
  expect(plain.length).toBeGreaterThan(60);
  for (const each of plain) await agrees(each);
});

test('patterns of a schema are those of Python', { timeout: 30_000 }, async () => {
  const some = cases.filter(({ schema }) => {
    const isNew = /2020-12/.test(String(schema['$schema']));
    return isNew && /oneOf|additionalProperties":false|\(\?=|\$"\}$/.test(JSON.stringify(schema));
  });
  expect(some.length).toBe(8);
  for (const each of some) await agrees(each);
});

const draft = (number: string): string => `http://json-schema.org/draft-${number}/schema#`;

test.each([
  ['a draft that is none of them', { $schema: draft('03') }, 'the draft of the schema'],
  ['what Ajv heeds and draft 4 does not', { $schema: draft('04'), const: 1 }, '`const` in the schema'],
  ['what Ajv heeds and 2020-12 does not', { dependencies: { a: ['b'] } }, '`dependencies` in the schema'],
  ['a keyword of Ajv alone', { type: 'string', nullable: true }, '`nullable` in the schema'],
  ['a pattern that is none', { pattern: '(' }, 'a pattern of the schema cannot be run'],
  ['what Python alone has', { pattern: '(a)?(?(1)b|c)' }, 'a pattern of the schema cannot be run'],
  ['groups that are joined', { patternProperties: { '(a)\\1': {}, b: {} } }, 'cannot be told apart'],
  ['a boolean beside no bound', { $schema: draft('04'), exclusiveMinimum: 1 }, 'the schema is none'],
  ['a bound of draft 4', { minimum: 1, exclusiveMinimum: true }, 'the schema is none'],
])('%s is refused by name', (_, schema, why) => {
  expect(() => new JsonSchema(schema)).toThrow(why);
});

test('too many patterns are refused', () => {
  const anyOf = Array.from({ length: 51 }, (_, index) => ({ pattern: `^${index}` }));
  expect(() => new JsonSchema({ anyOf })).toThrow('more than 50 patterns');
});

test('a whole number with a fraction is no integer to draft 4 and is not told apart here', async () => {
  const judge = new JsonSchema({ $schema: draft('04'), type: 'integer' });
  await expect(judge.judge(['1.5', '2.0'])).rejects.toThrow('no `integer` of draft 4');
  expect(await judge.judge(['1.5', '2', '"1.0"'])).toEqual([false, true, false]);
});

test('each alternative is asked for only once those before it are known', async () => {
  const anyOf = ['a', 'b', 'c', 'd', 'e'].map((letter) => ({ pattern: `^${letter}` }));
  const judge = new JsonSchema({ anyOf });
  try {
    expect(await judge.judge(['"e"', '"f"', '"a"', '1'])).toEqual([true, false, true, true]);
  } finally {
    judge.close();
  }
});
