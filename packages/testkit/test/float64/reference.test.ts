import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AttributeWithValue, type DataType, graphOf, modelOf, node, tensorValue } from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { evaluate, fromNumbers, numbersOf, type Value } from '../../src/float64/evaluate.ts';
import { constantOf } from './recorded-tensor.ts';

type Recorded = readonly [type: DataType, dims: readonly number[], elements: readonly (number | string)[]];
interface Case {
  readonly op: string;
  readonly opset: number;
  readonly attributes: Readonly<Record<string, readonly [type: string, value: unknown]>>;
  readonly inputs: readonly (Recorded | null)[];
  readonly outputs: readonly Recorded[];
  /** How far what was recorded is from float64, where it was computed in less. */
  readonly precision?: number;
}

const folder = join(import.meta.dirname, 'vectors');

function valueOf([type, dims, elements]: Recorded): Value {
  const value = fromNumbers(type, dims, elements.map(Number));
  const { data } = value;
  if (data instanceof BigInt64Array) for (const [i, element] of elements.entries()) data[i] = BigInt(element);
  return value;
}

function attributeOf([type, value]: readonly [string, unknown]): AttributeWithValue {
  const bytes = (text: unknown): Uint8Array => new TextEncoder().encode(text as string);
  switch (type) {
    case 'INT':
      return { type, value: BigInt(value as number) };
    case 'INTS':
      return { type, value: (value as number[]).map(BigInt) };
    case 'STRING':
      return { type, value: bytes(value) };
    case 'STRINGS':
      return { type, value: (value as string[]).map(bytes) };
    case 'TENSOR':
      return { type, value: constantOf(valueOf(value as Recorded)) };
    default:
      return { type, value } as AttributeWithValue;
  }
}

function outputsOf({ op, opset, attributes, inputs, outputs }: Case): Value[] {
  const names = inputs.map((input, i) => (input ? `x${i}` : ''));
  const results = outputs.map((_, i) => `y${i}`);
  const feeds = new Map(inputs.flatMap((input, i) => (input ? [[names[i]!, valueOf(input)] as const] : [])));
  const literals = Object.entries(attributes).map(([name, value]) => [name, attributeOf(value)] as const);
  const graph = graphOf({
    name: op,
    inputs: [...feeds].map(([name, { type, dims }]) => tensorValue(name, type, dims)),
    outputs: results.map((name) => tensorValue(name, 'DOUBLE', [])),
    nodes: [node(op, names, results, { attributes: Object.fromEntries(literals) })],
  });
  const values = evaluate(modelOf({ graph, opsets: { '': opset } }), feeds);
  return results.map((name) => values.get(name)!);
}

/** Equal as float64 goes: sums may be added up in another order. */
function expectClose(got: Value, expected: Value, precision = 1e-12): void {
  expect([got.type, got.dims]).toEqual([expected.type, expected.dims]);
  if (!(expected.data instanceof Float64Array)) {
    expect(got.data).toEqual(expected.data);
    return;
  }
  const numbers = numbersOf(got);
  for (const [i, want] of expected.data.entries()) {
    const have = numbers[i]!;
    const isClose = Object.is(have, want) || Math.abs(have - want) <= precision * Math.max(1, Math.abs(want));
    if (!isClose) expect.fail(`element ${i}: ${have}, expected ${want}`);
  }
}

for (const file of readdirSync(folder)) {
  const { cases } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases: Case[] };
  describe(`${file} as the peers compute it`, () => {
    for (const [index, recorded] of cases.entries()) {
      it(`${index} ${recorded.op}-${recorded.opset} ${JSON.stringify(recorded.attributes)}`, () => {
        const got = outputsOf(recorded);
        for (const [i, output] of recorded.outputs.entries()) expectClose(got[i]!, valueOf(output), recorded.precision);
      });
    }
  });
}
