import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { JsonSchema } from '../../src/validate/texts/json-schema.ts';

export interface SchemaCase {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly texts: readonly string[];
  readonly fits: readonly boolean[];
}

/** What Great Expectations 1.24.1 with jsonschema 4.26.0 said: tools/peers/record-json-schemas.py. */
export const { cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/json-schemas.json'), 'utf8'),
) as { readonly cases: readonly SchemaCase[] };

export const hasPattern = ({ schema }: SchemaCase): boolean => JSON.stringify(schema).includes('attern');

/** Holds a schema against what was recorded of it. */
export async function agrees({ schema, texts, fits }: SchemaCase): Promise<void> {
  const judge = new JsonSchema(schema);
  try {
    const found = await judge.judge(texts);
    expect({ schema, fits: texts.map((text, index) => [text, found[index]]) }).toEqual({
      schema,
      fits: texts.map((text, index) => [text, fits[index]]),
    });
  } finally {
    judge.close();
  }
}
