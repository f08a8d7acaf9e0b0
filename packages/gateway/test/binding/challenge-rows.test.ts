import { describe, expect, test } from 'vitest';
import { type ChallengeData, challengeRows } from '../../src/binding/challenge-rows.ts';
import type { InputTensor } from '../../src/protection/schema/input-schema.ts';

const input = (change: Partial<InputTensor> = {}): InputTensor => ({
  ...{ name: 'x', datatype: 'FP32', shape: ['N', 2] },
  ...change,
});
// The first column is whole, the second is not.
const data: ChallengeData = {
  rows: 3,
  values: Float32Array.of(1, 0.25, 5, 0.75, 9, 0.5),
  columns: [{ name: 'a' }, { name: 'b' }],
};
const code = { code: 'HF_GATEWAY_CONFIGURATION' };

describe('rows of a challenge', () => {
  test('lie among the rows of the data, and are others each time', () => {
    const rows = challengeRows([input()], data);
    const made = Array.from({ length: 500 }, () => rows.next()[0]!);
    expect(made.every(({ shape }) => shape[0] === 1 && shape[1] === 2)).toBe(true);
    const [whole, real] = [0, 1].map((at) => made.map((tensor) => tensor.data[at] as number)) as [number[], number[]];
    expect(new Set(whole)).toEqual(new Set([1, 5, 9]));
    expect(real.every((value) => value >= 0.25 && value <= 0.75)).toBe(true);
    expect(new Set(real).size).toBeGreaterThan(400);
    const both = made.map((tensor) => tensor.data.join());
    const again = Array.from({ length: 500 }, () => rows.next()[0]!.data.join());
    expect(again.filter((row) => both.includes(row)).length).toBeLessThan(20);
  });

  test('are in the types that the model takes', () => {
    const of = (datatype: InputTensor['datatype']) => challengeRows([input({ datatype })], data).next()[0]!.data;
    expect(of('FP32')).toBeInstanceOf(Float32Array);
    expect(of('FP64')).toBeInstanceOf(Float64Array);
    expect(of('INT64')).toBeInstanceOf(BigInt64Array);
    expect(of('UINT64')).toBeInstanceOf(BigUint64Array);
    expect(of('INT16')).toBeInstanceOf(Int32Array);
    expect(of('UINT8')).toBeInstanceOf(Uint8Array);
    expect([...(of('BOOL') as Uint8Array)].every((value) => value === 0 || value === 1)).toBe(true);
  });

  test('find the column of each input, and the texts of categories', () => {
    const texts: ChallengeData = {
      rows: 2,
      values: Float32Array.of(0, 7, 1, 7),
      columns: [{ name: 'kind', categories: ['red', 'blue'] }, { name: 'size' }],
    };
    const inputs = [
      input({ name: 'size', datatype: 'INT64', shape: ['N', 1] }),
      input({ name: 'kind', datatype: 'BYTES', shape: ['N', 1] }),
    ];
    const rows = challengeRows(inputs, texts);
    const made = Array.from({ length: 50 }, () => rows.next());
    expect(made.every(([size]) => size?.data[0] === 7n)).toBe(true);
    expect(new Set(made.map(([, kind]) => kind?.data[0]))).toEqual(new Set(['red', 'blue']));
  });

  test.each<[string, InputTensor[], ChallengeData]>([
    ['a single row', [input()], { ...data, rows: 1, values: data.values.subarray(0, 2) }],
    ['more numbers than the model takes', [input({ shape: ['N', 1] })], data],
    ['fewer numbers than the model takes', [input({ shape: ['N', 3] })], data],
    [
      'an input that no column is',
      [input({ name: 'a', shape: ['N', 1] }), input({ name: 'c', shape: ['N', 1] })],
      data,
    ],
    ['a model whose features are not fixed', [input({ shape: ['N', null] })], data],
    ['a model of batches of two', [input({ shape: [2, 2] })], data],
    ['a model without a shape', [{ name: 'x', datatype: 'FP32' }], data],
    ['half floats', [input({ datatype: 'FP16' })], data],
    ['numbers where the model takes texts', [input({ datatype: 'BYTES' })], data],
  ])('cannot be made of %s', (_, inputs, given) => {
    expect(() => challengeRows(inputs, given).next()).toThrow(expect.objectContaining(code));
  });
});
