import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf, modelOf, node, readModel, tensor, tensorValue, writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { projectedGradient } from '../src/attacks/gradient-ascent.ts';
import { probeFacts } from '../src/gradient/probe-facts.ts';
import { upgraded } from '../src/gradient/upgrade.ts';
import { pgdAt } from '../src/hardening/methods/pgd-at.ts';
import { adam, type Optimiser, sgd } from '../src/hardening/optimiser.ts';
import { train } from '../src/hardening/train.ts';
import { Trainable } from '../src/hardening/trainable.ts';
import { openVictim } from '../src/onnx-victim.ts';
import { samplesOf } from '../src/session-values.ts';
import { arraysOf, corpus } from './corpus.ts';

/** Weights behind each of three steps with given gradients. */
function stepped(optimiser: Optimiser): number[][] {
  const w = Float32Array.of(1, -2);
  return [
    [1, 0.5],
    [-2, 0.25],
    [0.5, -4],
  ].map((gradient) => {
    // of two rows, so that the mean counts
    const sum = Float32Array.from(gradient, (each) => 2 * each);
    optimiser.step(new Map([['w', w]]), new Map([['w', sum]]), 2, 0.1);
    return [...w];
  });
}

it.each([
  // torch.optim of PyTorch 2.15.0, learning rate 0.1
  [
    'Adam',
    adam(),
    [
      [0.9, -2.1],
      [0.9366104, -2.1932178],
      [0.9502795, -2.1399148],
    ],
  ],
  [
    'SGD with momentum 0.9 and weight decay 0.01',
    sgd({ momentum: 0.9, decay: 0.01 }),
    [
      [0.899, -2.048],
      [1.007201, -2.1141522],
      [1.0535747, -1.7715749],
    ],
  ],
] as const)('%s steps as PyTorch does', (_, optimiser, wanted) => {
  for (const [step, weights] of stepped(optimiser).entries()) {
    for (const [index, weight] of weights.entries()) expect(weight).toBeCloseTo(wanted[step]?.[index] ?? Number.NaN, 5);
  }
});

it('learns of a softmax regression what calculus says', async () => {
  const w = Float32Array.from({ length: 6 }, (_, index) => Math.sin(index));
  const graph = graphOf({
    name: 'regression',
    nodes: [node('MatMul', ['x', 'w'], ['z'])],
    inputs: [tensorValue('x', 'FLOAT', ['n', 2])],
    outputs: [tensorValue('z', 'FLOAT', ['n', 3])],
    initializers: [tensor('w', [2, 3], w)],
  });
  const model = modelOf({ graph, opsets: { '': 18 } });
  const rows = [2, 3].map((count) => ({ x: samplesOf(new Float32Array(2 * count), [2]) }));
  const trainable = await Trainable.open(model, {
    facts: await probeFacts(model, rows),
    input: 'x',
    output: 'z',
    threads: 1,
  });
  const [x, labels] = [Float32Array.of(0.5, -1, 2, 0.25), Int32Array.of(2, 0)];
  const { loss, gradients } = await trainable.lesson(x, labels);
  await trainable.release();
  // dW = xᵀ·(softmax(x·W) − onehot), in float64
  const wanted = new Float64Array(6);
  for (const row of [0, 1]) {
    const z = [0, 1, 2].map((k) => x[2 * row]! * w[k]! + x[2 * row + 1]! * w[3 + k]!);
    const total = z.reduce((sum, each) => sum + Math.exp(each), 0);
    expect(loss[row]).toBeCloseTo(Math.log(total) - z[labels[row]!]!, 5);
    for (const k of [0, 1, 2]) {
      const slope = Math.exp(z[k]!) / total - (labels[row] === k ? 1 : 0);
      for (const i of [0, 1]) wanted[3 * i + k]! += x[2 * row + i]! * slope;
    }
  }
  const found = gradients.get('w')!;
  for (const [index, value] of wanted.entries()) expect(found[index]).toBeCloseTo(value, 5);
});

it('trained against an adversary, a model withstands more than it did, and the same seed gives the same weights', async () => {
  const file = readFileSync(join(corpus, 'models/digits-mlp.export-18.onnx'));
  const model = upgraded(readModel(file), () => undefined);
  const input = model.graph.inputs[0]!.name;
  const facts = await probeFacts(
    model,
    [2, 3].map((rows) => ({ [input]: samplesOf(new Float32Array(64 * rows), [1, 8, 8]) })),
  );
  const [ball, bounds] = [
    { norm: 'linf', epsilon: 0.1 },
    { low: 0, high: 1 },
  ] as const;
  const learned = async () => {
    const trainable = await Trainable.open(model, { facts, input, output: model.graph.outputs[0]!.name, threads: 1 });
    const method = pgdAt({ ball, bounds, steps: 5, stepSize: 0.03 });
    await train(trainable, digits('train'), randomOf('hard'), { epochs: 8, batch: 64, rate: () => 3e-3, method });
    const bytes = writeModel(trainable.model());
    await trainable.release();
    return bytes;
  };
  const withstands = async (bytes: Uint8Array): Promise<number> => {
    const victim = await openVictim(bytes, { threads: 1 });
    const samples = digits('test', 300);
    const attack = projectedGradient({ steps: 20, stepSize: 0.025 });
    const found = await victim.classify(await attack(victim, samples, { ball, bounds }, randomOf(1)));
    await victim.release();
    return found.filter((label, row) => label === samples.labels[row]).length;
  };
  const [before, hardened] = [await withstands(file), await learned()];
  expect(await withstands(hardened)).toBeGreaterThan(before + 60);
  expect(Buffer.compare(hardened, await learned())).toBe(0);
  const plain = readModel(hardened).graph;
  expect(plain.inputs).toEqual(model.graph.inputs);
  expect(plain.outputs).toEqual(model.graph.outputs);
});

function digits(part: 'train' | 'test', rows?: number) {
  const { x, y } = arraysOf(join(corpus, `data/digits-${part}.npz`));
  const count = rows ?? y!.data.length;
  return {
    x: Float32Array.from(x!.data.subarray(0, count * 64) as Float32Array),
    labels: Int32Array.from(y!.data.subarray(0, count) as BigInt64Array, Number),
  };
}
