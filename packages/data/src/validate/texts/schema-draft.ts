import type { Ajv as AjvClass, Options } from 'ajv';
import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import Ajv04 from 'ajv-draft-04';
import { Unanswerable } from '../expectation-type.ts';

export type Draft = '04' | '06' | '07' | '2019-09' | '2020-12';

const drafts: readonly (readonly [RegExp, Draft])[] = [
  [/^http:\/\/json-schema\.org\/draft-04\/schema#?$/, '04'],
  [/^http:\/\/json-schema\.org\/draft-06\/schema#?$/, '06'],
  [/^http:\/\/json-schema\.org\/draft-07\/schema#?$/, '07'],
  [/^https:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, '2019-09'],
  [/^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, '2020-12'],
];

/** By what `$schema` says, as `jsonschema.validate` chooses: 2020-12 where it says nothing. @throws Unanswerable */
export function draftOf(given: unknown): Draft {
  if (given === undefined) return '2020-12';
  const draft = typeof given === 'string' ? drafts.find(([form]) => form.test(given))?.[1] : undefined;
  if (draft === undefined) throw new Unanswerable('the draft of the schema is not understood');
  return draft;
}

/** Draft 6 is draft 7 without `if`, which {@link requireSame} looks after. */
export function checkerOf(draft: Draft, options: Options): AjvClass {
  const made = { '2020-12': Ajv2020, '2019-09': Ajv2019, '07': Ajv, '06': Ajv, '04': Ajv04.default }[draft];
  return new made(options);
}

/** References that are resolved at run time, and what only Ajv knows. */
const refused = ['$dynamicRef', '$recursiveRef', '$async', 'discriminator', 'nullable'];
/** What Ajv heeds and the draft does not know. */
const unknownTo: Readonly<Record<Draft, readonly string[]>> = {
  '04': ['if', 'then', 'else', 'const', 'contains', 'propertyNames', '$defs'],
  '06': ['if', 'then', 'else'],
  '07': [],
  '2019-09': ['dependencies'],
  '2020-12': ['dependencies'],
};
const besideReference = new Set([
  ...['$ref', '$schema', '$id', 'id', '$comment', 'title', 'description', 'definitions', 'default', 'examples'],
]);

/** Makes sure that a schema has nothing that `jsonschema` and Ajv understand differently. @throws Unanswerable */
export function requireSame(schema: unknown, draft: Draft, depth = 0): void {
  if (depth > 100) throw new Unanswerable('the schema is too deep');
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const each of schema) requireSame(each, draft, depth + 1);
    return;
  }
  const names = Object.keys(schema);
  const beyond = names.find((name) => refused.includes(name) || unknownTo[draft].includes(name));
  if (beyond !== undefined) throw new Unanswerable(`\`${beyond}\` in the schema is not surely the same`);
  const isOlder = draft === '04' || draft === '06' || draft === '07';
  if (isOlder && names.includes('$ref') && names.some((name) => !besideReference.has(name)))
    throw new Unanswerable('the schema has something beside a `$ref`');
  requireSeparate((schema as Record<string, unknown>)['patternProperties']);
  for (const each of Object.values(schema)) requireSame(each, draft, depth + 1);
}

/** Python joins the patterns with `|` to find what is left over: flags and numbers of groups of one would be heard in the next. */
function requireSeparate(patterns: unknown): void {
  if (typeof patterns !== 'object' || patterns === null) return;
  const sources = Object.keys(patterns);
  if (sources.length > 1 && sources.some((source) => /\(\?(?!:|=|!|<[=!])|\\[1-9]/.test(source)))
    throw new Unanswerable('the patterns of `patternProperties` cannot be told apart');
}
