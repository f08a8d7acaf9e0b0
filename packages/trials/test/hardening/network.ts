import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Samples } from '../../src/attacks/attack.ts';
import type { Method } from '../../src/hardening/methods/method.ts';
import { Trainable } from '../../src/hardening/trainable.ts';
import { openVictim } from '../../src/onnx-victim.ts';
import { arraysOf, corpus } from '../corpus.ts';

/** A model file of the corpus. */
export function fileOf(name: string): Buffer {
  return readFileSync(join(corpus, 'models', `${name}.onnx`));
}

/** The same, ready to be trained with a method. */
export async function trainableOf(bytes: Uint8Array, { loss, inputPenalty }: Partial<Method> = {}): Promise<Trainable> {
  const victim = await openVictim(bytes, { threads: 1 });
  const { model, ...parts } = victim.differentiable();
  await victim.release();
  return Trainable.open(model, {
    ...{ ...parts, threads: 1 },
    ...(loss === undefined ? {} : { loss }),
    ...(inputPenalty === undefined ? {} : { inputPenalty }),
  });
}

/** Digits of scikit-learn. */
export function digits(part: 'train' | 'test', rows?: number): Samples {
  const { x, y } = arraysOf(join(corpus, `data/digits-${part}.npz`));
  const count = rows ?? y!.data.length;
  return {
    x: Float32Array.from(x!.data.subarray(0, count * 64) as Float32Array),
    labels: Int32Array.from(y!.data.subarray(0, count) as BigInt64Array, Number),
  };
}

/** The largest difference of two lists, by the largest number of the second. */
export function unlikeness(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  for (let index = 0; index < wanted.length; index += 1) {
    difference = Math.max(difference, Math.abs(found[index]! - wanted[index]!));
    largest = Math.max(largest, Math.abs(wanted[index]!));
  }
  return difference / largest;
}
