import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Unanswerable } from '../../src/validate/expectation-type.ts';
import { isDateutilDate } from '../../src/validate/texts/dateutil.ts';
import { JsonSchema } from '../../src/validate/texts/json-schema.ts';
import { pythonJson } from '../../src/validate/texts/python-json.ts';
import { pythonNumber } from '../../src/validate/texts/python-number.ts';
import { strptimeFormat } from '../../src/validate/texts/strptime.ts';

/** What Python said: a name is of what it threw. */
type Said = boolean | string;

interface Recorded {
  readonly texts: readonly string[];
  readonly strptime: readonly { readonly format: string; readonly isUsable: Said; readonly reads: readonly Said[] }[];
  readonly dateutil: readonly (readonly [text: string, said: Said])[];
  readonly json: readonly (readonly [text: string, said: Said])[];
  readonly values: readonly string[];
  readonly schemas: readonly { readonly schema: Readonly<Record<string, unknown>>; readonly fits: readonly Said[] }[];
  readonly numbers: readonly (readonly [bits: string, written: string])[];
}

const recorded = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/text-forms.json'), 'utf8')) as Recorded;

/** What we say, or nothing where we do not. */
function said(work: () => boolean): boolean | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Unanswerable) return undefined;
    throw error;
  }
}

test('formats of dates, as datetime.strptime reads them', () => {
  const [different, open]: [unknown[], string[]] = [[], []];
  for (const { format, isUsable, reads } of recorded.strptime) {
    for (const [index, theirs] of reads.entries()) {
      const text = recorded.texts[index] ?? '';
      const ours = said(() => strptimeFormat(format).reads(text));
      if (ours === undefined) {
        if (isUsable === true) open.push(`${format} ${text}`);
      } else if (ours !== theirs) different.push({ format, text, ours, theirs });
    }
  }
  expect(different).toEqual([]);
  expect(open).toEqual(['%Y-%m-%d ２０２４-01-31']);
});

test('what dateutil takes for a date, as far as we say', () => {
  const [different, open]: [unknown[], string[]] = [[], []];
  for (const [text, theirs] of recorded.dateutil) {
    const ours = said(() => isDateutilDate(text));
    if (ours === undefined) open.push(text);
    else if (ours !== theirs) different.push({ text, ours, theirs });
  }
  expect(different).toEqual([]);
  // The grammar of dateutil takes a great deal that is not said here; what is said may become more.
  expect(open.length).toBeLessThan(recorded.dateutil.length / 2);
});

test('what json.loads takes', () => {
  const different = recorded.json.flatMap(([text, theirs]) => {
    const ours = pythonJson(text) !== undefined;
    return ours === theirs ? [] : [{ text: text.slice(0, 50), ours, theirs }];
  });
  expect(different).toEqual([]);
});

async function answered(schema: JsonSchema, text: string): Promise<boolean | undefined> {
  try {
    return (await schema.judge([text]))[0];
  } catch (error) {
    if (error instanceof Unanswerable) return undefined;
    throw error;
  }
}

test('what fits a schema, as jsonschema says', { timeout: 60_000 }, async () => {
  const [different, open]: [unknown[], string[]] = [[], []];
  for (const { schema, fits } of recorded.schemas) {
    const ours = said(() => new JsonSchema(schema) instanceof JsonSchema);
    if (ours === undefined) open.push(JSON.stringify(schema));
    else {
      const made = new JsonSchema(schema);
      for (const [index, theirs] of fits.entries()) {
        const text = recorded.values[index] ?? '';
        const one = pythonJson(text) === undefined ? false : await answered(made, text);
        if (one !== undefined && one !== theirs) different.push({ schema, text, ours: one, theirs });
      }
      made.close();
    }
  }
  expect(different).toEqual([]);
  // No schemas, drafts that are not known, references out of them or beside something, and positional items of 2020-12.
  expect(open.map((schema) => /items":\[|"if"|minLength|nowhere|example|nothing|"2"|anchor/.exec(schema)?.[0])).toEqual(
    [...['items":[', '"if"', 'minLength', 'nowhere', 'example', 'nothing', '"2"', 'example', 'anchor']],
  );
});

test('numbers as Python writes them', () => {
  const different = recorded.numbers.flatMap(([bits, theirs]) => {
    const ours = pythonNumber(Buffer.from(bits, 'hex').readDoubleBE());
    return ours === theirs ? [] : [{ ours, theirs }];
  });
  expect(different).toEqual([]);
});
