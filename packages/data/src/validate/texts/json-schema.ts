import { Ajv, type AnySchemaObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Unanswerable } from '../expectation-type.ts';
import type { PythonJson } from './python-json.ts';

/** Characters of a schema. */
const longest = 256 * 1024;

const options: Options = {
  ...{ strict: false, validateFormats: false, ownProperties: true, logger: false },
  ...{ allErrors: false, inlineRefs: false, unicodeRegExp: true },
};

/** Beyond what is surely the same in Python's `jsonschema`: other expressions, references that are resolved at run time. */
const refused = ['pattern', 'patternProperties', '$dynamicRef', '$recursiveRef', '$async'];
const besideReference = new Set([
  ...['$ref', '$schema', '$id', '$comment', 'title', 'description', 'definitions', 'default', 'examples'],
]);

type Draft = '06' | '07' | '2019-09' | '2020-12';
const drafts: readonly (readonly [RegExp, Draft])[] = [
  [/^http:\/\/json-schema\.org\/draft-06\/schema#?$/, '06'],
  [/^http:\/\/json-schema\.org\/draft-07\/schema#?$/, '07'],
  [/^https:\/\/json-schema\.org\/draft\/2019-09\/schema#?$/, '2019-09'],
  [/^https:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/, '2020-12'],
];

/** Says whether values fit a schema, as `jsonschema.validate` does: by the draft of `$schema`, else 2020-12. */
export class JsonSchema {
  readonly #validate: ValidateFunction;
  readonly #isCostly: boolean;

  /** @throws Unanswerable for a schema that is none, or that is not surely understood the same */
  constructor(schema: Readonly<Record<string, unknown>>) {
    const written = JSON.stringify(schema);
    if (written.length > longest) throw new Unanswerable(`the schema has more than ${longest} characters`);
    const draft = draftOf(schema['$schema']);
    requireSame(schema, draft, 0);
    this.#isCostly = written.includes('"uniqueItems"');
    try {
      const checker = checkerOf(draft);
      const bare = withoutDraft(schema);
      this.#validate = checker.compile(bare);
      // The next schema may have the same `$id`.
      checker.removeSchema(bare);
    } catch {
      throw new Unanswerable('the schema is none, or refers to what is not in it');
    }
  }

  /** @throws Unanswerable for a value with numbers that JavaScript has not, or that would take too long */
  fits(text: string, json: NonNullable<PythonJson>): boolean {
    if (!json.isFinite) throw new Unanswerable('a value has NaN or Infinity in it');
    const numbers = text.replaceAll(/"(?:[^"\\]|\\.)*"/gsu, '');
    if (/\d{16}|\d[eE]\+?\d{3}/.test(numbers))
      throw new Unanswerable('a value has numbers that float64 cannot tell apart');
    if (this.#isCostly && text.length > 65_536) throw new Unanswerable('a value is too long for `uniqueItems`');
    try {
      return this.#validate(json.value);
    } catch {
      throw new Unanswerable('the schema refers to itself without end');
    }
  }
}

function draftOf(given: unknown): Draft {
  if (given === undefined) return '2020-12';
  const draft = typeof given === 'string' ? drafts.find(([form]) => form.test(given))?.[1] : undefined;
  if (draft === undefined) throw new Unanswerable('the draft of the schema is not understood');
  return draft;
}

const checkers = new Map<Draft, Ajv>();

/** Draft 6 is draft 7 without `if`, which {@link requireSame} looks after. */
function checkerOf(draft: Draft): Ajv {
  const made = { '2020-12': Ajv2020, '2019-09': Ajv2019, '07': Ajv, '06': Ajv }[draft];
  const checker = checkers.get(draft) ?? new made(options);
  checkers.set(draft, checker);
  return checker;
}

function withoutDraft(schema: Readonly<Record<string, unknown>>): AnySchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
}

function requireSame(schema: unknown, draft: Draft, depth: number): void {
  if (depth > 100) throw new Unanswerable('the schema is too deep');
  if (typeof schema !== 'object' || schema === null) return;
  if (Array.isArray(schema)) {
    for (const each of schema) requireSame(each, draft, depth + 1);
    return;
  }
  const names = Object.keys(schema);
  const beyond = names.find(
    (name) => refused.includes(name) || (draft === '06' && ['if', 'then', 'else'].includes(name)),
  );
  if (beyond !== undefined) throw new Unanswerable(`\`${beyond}\` in the schema is not surely the same`);
  const isOlder = draft === '06' || draft === '07';
  if (isOlder && names.includes('$ref') && names.some((name) => !besideReference.has(name)))
    throw new Unanswerable('the schema has something beside a `$ref`');
  for (const each of Object.values(schema)) requireSame(each, draft, depth + 1);
}
