import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openVictim } from '../../src/onnx-victim.ts';
import { type CorpusModel, corpus, corpusModels, recordedArrays, type StoredArray } from '../corpus.ts';

/** Losses by the name under which PyTorch's are recorded. */
const losses = { loss: 'cross-entropy', margin: 'margin', dlr: 'dlr' } as const;

function reals({ data }: StoredArray): Float32Array | Float64Array {
  if (data instanceof BigInt64Array) throw new TypeError('integers');
  return data;
}

function labelsOf({ data }: StoredArray): Int32Array {
  return Int32Array.from(data, Number);
}

/** The greatest difference, in units of the greatest value. */
function difference(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(actual.length).toBe(wanted.length);
  let [most, scale] = [0, Number.MIN_VALUE];
  for (let index = 0; index < wanted.length; index += 1) {
    most = Math.max(most, Math.abs((actual[index] ?? Number.NaN) - (wanted[index] ?? Number.NaN)));
    scale = Math.max(scale, Math.abs(wanted[index] ?? Number.NaN));
  }
  return most / scale;
}

/** How many signs differ, of entries that are not lost in rounding. */
function signsThatDiffer(actual: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const scale = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Array.from(wanted).filter(
    (value, index) => Math.abs(value) > 1e-6 * scale && Math.sign(value) !== Math.sign(actual[index] ?? Number.NaN),
  ).length;
}

const classifiers = corpusModels().filter(({ outputs }) => outputs !== 'values');

describe('input gradients of whole networks agree with PyTorch in float64', () => {
  it.each(classifiers.map((model) => [model.file, model] as const))('%s', async (_, model: CorpusModel) => {
    const arrays = recordedArrays(model.model, 'gradients');
    const victim = await openVictim(readFileSync(join(corpus, model.file)), { threads: 1 });
    const x = Float32Array.from(reals(arrays['x']!));
    for (const [name, loss] of Object.entries(losses)) {
      const [value, gradient] = [arrays[`${name}64`], arrays[`${name}Gradient64`]];
      if (value === undefined || gradient === undefined) continue;
      const found = await victim.lossGradient(x, labelsOf(arrays['y']!), loss);
      expect(difference(found.loss, reals(value)), name).toBeLessThan(2e-5);
      expect(difference(found.gradient, reals(gradient)), name).toBeLessThan(2e-5);
      expect(signsThatDiffer(found.gradient, reals(gradient)), name).toBe(0);
    }
    await victim.release();
  });
});
