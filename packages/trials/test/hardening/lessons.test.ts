import { expect, it } from 'vitest';
import { oneHot } from '../../src/hardening/trainable.ts';
import { trades } from '../../src/hardening/training-loss.ts';
import { recordedArrays, type StoredArray } from '../corpus.ts';
import { fileOf, trainableOf, unlikeness } from './network.ts';

const cnn = recordedArrays('digits-cnn', 'lessons');
const residual = recordedArrays('digits-residual', 'lessons');
const floats = (array: StoredArray | undefined): Float32Array => Float32Array.from(array!.data as Float64Array);
const labelsOf = (array: StoredArray | undefined): Int32Array => Int32Array.from(array!.data as BigInt64Array, Number);

/** Gradients of PyTorch 2.15 in float64, recorded by corpus/record_training.py, beside ours in float32. */
function compare(found: ReadonlyMap<string, Float32Array>, recorded: Readonly<Record<string, StoredArray>>): number {
  let compared = 0;
  for (const [name, gradient] of found) {
    const wanted = recorded[name];
    if (wanted === undefined) continue;
    expect(unlikeness(gradient, wanted.data as Float64Array), name).toBeLessThan(1e-5);
    compared += 1;
  }
  return compared;
}

const part = (prefix: string): Record<string, StoredArray> =>
  Object.fromEntries(
    Object.entries(cnn).flatMap(([name, array]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), array]] : [],
    ),
  );

it('learns of an input-gradient penalty what PyTorch learns by double backpropagation', async () => {
  const trainable = await trainableOf(fileOf('digits-cnn.export-18'), { inputPenalty: 1 });
  const lesson = await trainable.lesson(floats(cnn['x']), labelsOf(cnn['y']));
  await trainable.release();
  expect(unlikeness(lesson.loss, cnn['penaltyLoss']!.data as Float64Array)).toBeLessThan(1e-5);
  expect(compare(lesson.gradients, part('penalty:'))).toBe(8);
});

it('learns of TRADES what PyTorch learns: its divergence pulls at both forms of a row', async () => {
  const trainable = await trainableOf(fileOf('digits-cnn.trace-11'), { loss: trades(6) });
  const [x, changed, labels] = [floats(cnn['x']), floats(cnn['changed']), labelsOf(cnn['y'])];
  const targets = oneHot(Int32Array.of(...labels, ...labels), 10);
  const lesson = await trainable.lesson(Float32Array.of(...x, ...changed), targets);
  await trainable.release();
  const loss = Array.from({ length: 16 }, (_, row) => lesson.loss[row]! + lesson.loss[row + 16]!);
  expect(unlikeness(loss, cnn['tradesLoss']!.data as Float64Array)).toBeLessThan(1e-5);
  expect(compare(lesson.gradients, part('trades:'))).toBe(8);
});

it('learns of smoothed labels what PyTorch learns', async () => {
  const trainable = await trainableOf(fileOf('digits-cnn.export-18'));
  const lesson = await trainable.lesson(floats(cnn['x']), oneHot(labelsOf(cnn['y']), 10, 0.1));
  await trainable.release();
  expect(unlikeness(lesson.loss, cnn['smoothLoss']!.data as Float64Array)).toBeLessThan(1e-5);
  expect(compare(lesson.gradients, part('smooth:'))).toBe(8);
});

it.each(['digits-residual.export-18', 'digits-residual.trace-11'])(
  '%s: batch normalisation is trained by the batch, and its running statistics move as in PyTorch',
  async (name) => {
    const trainable = await trainableOf(fileOf(name));
    const before = new Map([...trainable.statistics].map(([each, values]) => [each, values.slice()]));
    const x = floats(residual['x']);
    const plain = await trainable.logits(x);
    const lesson = await trainable.lesson(x, labelsOf(residual['y']));
    expect(unlikeness(lesson.loss, residual['loss']!.data as Float64Array)).toBeLessThan(1e-5);
    // conv1 has the batch normalisation behind it folded in, and another scale than PyTorch's
    const own = new Map([...lesson.gradients].filter(([each]) => !/^conv1|^onnx::|^stem.bias/.test(each)));
    expect(compare(own, residual)).toBe(8);
    // what is added before batch normalisation is taken away by it
    for (const slope of lesson.gradients.get('stem.bias')!) expect(Math.abs(slope)).toBeLessThan(1e-4);
    expect([...trainable.statistics.keys()].sort()).toEqual(
      ['bn1.running_mean', 'bn1.running_var', 'bn3.running_mean', 'bn3.running_var'].sort(),
    );
    for (const [each, values] of trainable.statistics) {
      expect(unlikeness(values, residual[each]!.data as Float64Array), each).toBeLessThan(1e-5);
      expect(values, each).not.toEqual(before.get(each));
    }
    // what the model says of samples goes by the running statistics, which moved
    expect(unlikeness(await trainable.logits(x), plain)).toBeGreaterThan(1e-4);
    await trainable.release();
  },
);
