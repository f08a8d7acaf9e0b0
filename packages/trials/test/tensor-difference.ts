import { readFileSync } from 'node:fs';
import { readModel, type Tensor } from '@holdfast/onnx';
import { expect } from 'vitest';

/** The greatest difference, in units of the greatest value where that is over 1. */
export function difference(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(actual.length).toBe(wanted.length);
  let scale = 1;
  let most = 0;
  for (let i = 0; i < wanted.length; i += 1) {
    scale = Math.max(scale, Math.abs(wanted[i]!));
    most = Math.max(most, Math.abs(actual[i]! - wanted[i]!)); // NaN stays
  }
  return most / scale;
}

export function floats(data: Float32Array | Float64Array | BigInt64Array): Float32Array | Float64Array {
  if (data instanceof BigInt64Array) throw new TypeError('integers');
  return data;
}

export function floatTensors(path: string): ReadonlyMap<string, Tensor> {
  const { initializers } = readModel(readFileSync(path)).graph;
  return new Map([...initializers].filter(([, { dataType }]) => dataType === 'FLOAT'));
}
