import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSession, type TensorData } from '@holdfast/inference';
import { type Model, readModel, writeModel } from '@holdfast/onnx';
import { expect } from 'vitest';
import type { Samples } from '../../src/attacks/attack.ts';
import { samplesOf } from '../../src/session-values.ts';
import { predictions } from '../../src/victim.ts';
import { arraysOf, corpus } from '../corpus.ts';

/** A file of the corpus. */
export const fileOf = (name: string): Uint8Array => readFileSync(join(corpus, `models/${name}.onnx`));
export const modelOfCorpus = (name: string): Model => readModel(fileOf(name));

/** Rows of a data set. */
export interface Rows {
  readonly x: TensorData;
  readonly samples: Samples;
  /** Of a row. */
  readonly dims: readonly number[];
}

/** Rows of a data set of the corpus, as the plain models take them. */
export function rowsOfData(data: string, part: 'train' | 'test', count = Number.POSITIVE_INFINITY): Rows {
  const { x, y } = arraysOf(join(corpus, `data/${data}-${part}.npz`));
  const [all = 0, ...dims] = x?.dims ?? [];
  const rows = Math.min(all, count);
  const size = dims.reduce((product, each) => product * each, 1);
  const values = Float32Array.from((x?.data ?? []) as Float32Array).subarray(0, rows * size);
  return {
    x: samplesOf(values, dims),
    samples: { x: values, labels: Int32Array.from((y?.data ?? []) as BigInt64Array, Number).subarray(0, rows) },
    dims,
  };
}

/** What a classifier of the corpus gives: its last real output, and how often it is right. */
export async function answers(file: Uint8Array, { x, samples }: Rows) {
  const session = await openSession(file, { threads: 1 });
  const name = session.outputs.filter(({ type }) => type === 'FLOAT').at(-1)?.name ?? '';
  const found = (await session.run({ x }, [name]))[name];
  await session.release();
  const values = found?.data as Float32Array;
  const classes = found?.dims[1] ?? 1;
  const right = predictions(values, classes).filter((label, row) => label === samples.labels[row]).length;
  return { values, accuracy: right / samples.labels.length };
}

export const digest = (file: Uint8Array): string => createHash('sha256').update(file).digest('hex');

/** ‖a − b‖ / ‖b‖ */
export function relativeError(found: Float32Array, wanted: Float32Array): number {
  const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
  return norm(found.map((value, index) => value - (wanted[index] ?? Number.NaN))) / norm(wanted);
}

/** What every hardened model has to be: one that the runtime takes, with the same inputs and outputs, read and written alike. */
export async function requireSound(model: Model, before: Model): Promise<Uint8Array> {
  const file = writeModel(model);
  expect(digest(writeModel(readModel(file)))).toBe(digest(file));
  expect(model.graph.inputs).toEqual(before.graph.inputs);
  expect(model.graph.outputs).toEqual(before.graph.outputs);
  const [now, old] = await Promise.all([openSession(file), openSession(writeModel(before))]);
  expect([now.inputs, now.outputs]).toEqual([old.inputs, old.outputs]);
  await Promise.all([now.release(), old.release()]);
  return file;
}
