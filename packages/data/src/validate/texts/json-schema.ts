import type { AnySchemaObject, Options, ValidateFunction } from 'ajv';
import { Unanswerable } from '../expectation-type.ts';
import type { Judge } from './judged.ts';
import { type PythonJson, pythonJson } from './python-json.ts';
import { checkerOf, type Draft, draftOf, requireSame } from './schema-draft.ts';
import { SchemaPatterns } from './schema-patterns.ts';

/** Characters of a schema. */
const longest = 256 * 1024;
/** Times that values are validated, each with the answers that the time before asked for. */
const mostRounds = 100;

const options: Options = {
  ...{ strict: false, validateFormats: false, ownProperties: true, logger: false },
  ...{ allErrors: false, inlineRefs: false, unicodeRegExp: true },
};

/** Says whether values fit a schema, as `jsonschema.validate` does: by the draft of `$schema`, else 2020-12. */
export class JsonSchema implements Judge {
  readonly #validate: ValidateFunction;
  readonly #patterns = new SchemaPatterns();
  readonly #isCostly: boolean;
  readonly #knowsFractions: boolean;

  /** @throws Unanswerable for a schema that is none, or that is not surely understood the same */
  constructor(schema: Readonly<Record<string, unknown>>) {
    const written = JSON.stringify(schema);
    if (written.length > longest) throw new Unanswerable(`the schema has more than ${longest} characters`);
    const draft = draftOf(schema['$schema']);
    requireSame(schema, draft);
    this.#isCostly = written.includes('"uniqueItems"');
    this.#knowsFractions = draft === '04' && written.includes('"integer"');
    this.#validate = compiled(schema, draft, this.#patterns);
  }

  /** @throws Unanswerable for a text that is no JSON, and as `fits` */
  async judge(texts: readonly string[]): Promise<boolean[]> {
    const values = texts.map((text) => {
      const value = pythonJson(text);
      if (value === undefined) throw new Unanswerable('a value is no JSON');
      this.#requireTellable(text, value);
      return value.value;
    });
    const found: boolean[] = [];
    let open = values.map((_, index) => index);
    for (let round = 0; open.length > 0; round += 1) {
      if (round === mostRounds) throw new Unanswerable('the schema asks for its patterns again and again');
      open = open.filter((index) => {
        const asked = this.#patterns.asked;
        found[index] = this.#fits(values[index]);
        return this.#patterns.asked > asked;
      });
      await this.#patterns.learn();
    }
    this.#patterns.forget();
    return found;
  }

  close(): void {
    this.#patterns.close();
  }

  #requireTellable(text: string, json: NonNullable<PythonJson>): void {
    if (!json.isFinite) throw new Unanswerable('a value has NaN or Infinity in it');
    const numbers = text.replaceAll(/"(?:[^"\\]|\\.)*"/gsu, '');
    if (/\d{16}|\d[eE]\+?\d{3}/.test(numbers))
      throw new Unanswerable('a value has numbers that float64 cannot tell apart');
    if (this.#knowsFractions && /\d\.0*(?!\d)|\d[eE]/.test(numbers))
      throw new Unanswerable('a value has a whole number with a fraction, which is no `integer` of draft 4');
    if (this.#isCostly && text.length > 65_536) throw new Unanswerable('a value is too long for `uniqueItems`');
  }

  #fits(value: unknown): boolean {
    try {
      return this.#validate(value);
    } catch {
      throw new Unanswerable('the schema refers to itself without end');
    }
  }
}

/** @throws Unanswerable */
function compiled(schema: Readonly<Record<string, unknown>>, draft: Draft, patterns: SchemaPatterns): ValidateFunction {
  const bare: AnySchemaObject = Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema'));
  const regExp = Object.assign((source: string) => patterns.add(source), { code: 'patterns of Python' });
  try {
    // what a schema has to look like has patterns as well, which are not those of the schema
    if (checkerOf(draft, options).validateSchema(bare) === true) {
      return checkerOf(draft, { ...options, code: { regExp }, validateSchema: false }).compile(bare);
    }
  } catch (error) {
    if (error instanceof Unanswerable) throw error;
  }
  throw new Unanswerable('the schema is none, or refers to what is not in it');
}
