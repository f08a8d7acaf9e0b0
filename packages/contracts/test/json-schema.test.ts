import { describe, expect, it } from 'vitest';
import { holdfastJsonSchema } from '../src/json-schema.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly description?: string;
  readonly pattern?: string;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly [key: string]: unknown;
}

const schema = holdfastJsonSchema('https://holdfast.example/holdfast.schema.json') as Schema;

/** Every schema inside, with its place. */
function* all(node: Schema, place: string): Generator<[string, Schema]> {
  yield [place, node];
  for (const [key, child] of Object.entries(node.properties ?? {})) yield* all(child, `${place}.${key}`);
  if (typeof node.additionalProperties === 'object') yield* all(node.additionalProperties, `${place}.*`);
  if (node.items) yield* all(node.items, `${place}[]`);
  for (const [index, child] of (node.anyOf ?? []).entries()) yield* all(child, `${place}|${index}`);
}

describe('the JSON Schema for editors', () => {
  it('is draft 2020-12 with the given id', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema['$id']).toBe('https://holdfast.example/holdfast.schema.json');
    expect(schema.required).toEqual(['project', 'ledger']);
  });

  it('describes every key', () => {
    const silent = [...all(schema, '')].flatMap(([place, { properties }]) =>
      Object.entries(properties ?? {})
        .filter(([, { description }]) => !description)
        .map(([key]) => `${place}.${key}`),
    );
    expect(silent).toEqual([]);
  });

  it('closes every mapping with known keys', () => {
    for (const [place, node] of all(schema, ''))
      if (node.properties) expect(node.additionalProperties, place).toBe(false);
  });

  it('describes the file as it is written: durations and sizes are text', () => {
    const stage = schema.properties?.['stages']?.additionalProperties as Schema;
    expect(stage.properties?.['maxAge']?.['type']).toBe('string');
    expect(stage.properties?.['sandbox']?.properties?.['memory']?.['type']).toBe('string');
    expect(stage.required).toEqual(['command']);
  });

  it('holds only patterns that JSON Schema tools can compile', () => {
    for (const [, { pattern }] of all(schema, ''))
      if (pattern !== undefined) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });
});
