import type { TensorData } from '@holdfast/inference';
import { TrialsError } from './errors.ts';

/** Samples as a session takes them. @param dims of one */
export function samplesOf(x: Float32Array, dims: readonly number[]): TensorData {
  const size = dims.reduce((product, each) => product * each, 1);
  return { type: 'FLOAT', dims: [x.length / size, ...dims], data: x };
}

/** Labels or targets as a session takes them. */
export function labelsOf(labels: Int32Array): TensorData {
  return { type: 'INT64', dims: [labels.length], data: BigInt64Array.from(labels, BigInt) };
}

/** The numbers of an output. @throws TrialsError HF_TRIALS_MODEL */
export function realsOf(found: Readonly<Record<string, TensorData>>, name: string): Float32Array {
  const data = found[name]?.data;
  if (data instanceof Float32Array) return data;
  throw new TrialsError('HF_TRIALS_MODEL', `the value \`${name}\` is no FLOAT`);
}
