import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { TrialsError } from '../../src/errors.ts';
import { tableColumnsSchema } from '../../src/tables/columns-schema.ts';
import { parseColumns } from '../../src/tables/parse-columns.ts';

interface Vector {
  readonly name: string;
  readonly text: string;
  /** Part of the message. */
  readonly says: string;
  /** Absent where it is no document that a schema could be asked about. */
  readonly schemaRefuses?: boolean;
}

const vectors = (kind: string): Vector[] =>
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../../spec/vectors', kind, 'table-columns.json'), 'utf8'),
  ) as Vector[];
const validate = new Ajv2020.default({ strict: true, strictTypes: false, strictRequired: false }).compile(
  tableColumnsSchema,
);

const names = (count: number, start = 'c'): string[] => Array.from({ length: count }, (_, index) => `${start}${index}`);
const numbers = (count: number) => names(count).map((name) => ({ name, kind: 'numeric' }));

/** Too large to stand in a file. */
const large: readonly Vector[] = [
  ['4,097 columns', { columns: numbers(4097) }, '`columns` has not 1 to 4096 entries', true],
  ['1,025 rules', { columns: numbers(1), rules: names(1025).map(() => 'c0 <= 1') }, 'has not 0 to 1024 entries', true],
  [
    '101 terms',
    { columns: numbers(102), rules: [`c0 = ${names(102).slice(1).join(' + ')}`] },
    'more than 100 terms',
    false,
  ],
  [
    'a row of 16,385 numbers',
    { columns: [...numbers(1), ...names(4, 'g').map((name) => ({ name, kind: 'one-hot', categories: names(4096) }))] },
    'a row has more than 16384 numbers',
    false,
  ],
].map(([name, value, says, schemaRefuses]) => ({ name, text: JSON.stringify(value), says, schemaRefuses }) as Vector);

describe('a file with columns', () => {
  it.each(vectors('valid').map((each) => [each.name, each.text]))('is read: %s', (_, text) => {
    expect(parseColumns(text).columns.length).toBeGreaterThan(0);
    validate(parse(text));
    expect(validate.errors).toBeNull();
  });

  it.each([...vectors('must-fail'), ...large].map((each) => [each.name, each] as const))(
    'is refused: %s',
    (_, vector) => {
      let thrown: unknown;
      try {
        parseColumns(vector.text);
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toBeInstanceOf(TrialsError);
      expect(thrown).toMatchObject({ code: 'HF_TRIALS_COLUMNS', exit: 2 });
      expect((thrown as TrialsError).message).toContain(vector.says);
      if (vector.schemaRefuses !== undefined) expect(validate(parse(vector.text))).toBe(!vector.schemaRefuses);
    },
  );

  it('of more than 512 KiB is not read', () => {
    expect(() => parseColumns(`columns: [{name: a, kind: numeric}]\n#${'x'.repeat(2 ** 19)}`)).toThrow('over 512 KiB');
  });

  it('is read or refused, whatever stands in it, and in no time', () => {
    const texts = [...vectors('valid'), ...vectors('must-fail')].map(({ text }) => text);
    const edit = fc.record({ at: fc.nat(), length: fc.nat(6), with: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        const mutated = edits.reduce((all, { at, length, with: by }) => {
          const place = at % (all.length + 1);
          return all.slice(0, place) + by + all.slice(place + length);
        }, text);
        try {
          expect(parseColumns(mutated).columns.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error, mutated).toMatchObject({ code: 'HF_TRIALS_COLUMNS' });
        }
      }),
      { seed: 7, numRuns: 250 },
    );
  });

  it('says what it means', () => {
    expect(parseColumns(vectors('valid').find(({ name }) => name === 'rules')?.text ?? '').rules).toEqual([
      {
        text: '"the total" = a + 0.5 * b-c - 3',
        kind: 'equal',
        column: 'the total',
        form: {
          terms: [
            { column: 'a', coefficient: 1 },
            { column: 'b-c', coefficient: 0.5 },
          ],
          constant: -3,
        },
      },
      {
        text: 'a <= b-c',
        kind: 'order',
        form: {
          terms: [
            { column: 'a', coefficient: 1 },
            { column: 'b-c', coefficient: -1 },
          ],
          constant: 0,
        },
      },
      {
        text: 'n >= 2 * a + 1',
        kind: 'order',
        form: {
          terms: [
            { column: 'a', coefficient: 2 },
            { column: 'n', coefficient: -1 },
          ],
          constant: 1,
        },
      },
    ]);
  });
});
