import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphOf, modelOf, node, readModel, tensor, tensorValue, valuesOf, writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { probeFacts } from '../../src/gradient/probe-facts.ts';
import { upgraded } from '../../src/gradient/upgrade.ts';
import { masked, withWeights } from '../../src/hardening/mask.ts';
import { adam, sgd } from '../../src/hardening/optimiser.ts';
import { prune } from '../../src/hardening/prune.ts';
import { sparselyStored } from '../../src/hardening/sparse-storage.ts';
import { train } from '../../src/hardening/train.ts';
import { Trainable } from '../../src/hardening/trainable.ts';
import { corpus } from '../corpus.ts';
import { answers, digest, fileOf, modelOfCorpus, relativeError, requireSound, rowsOfData } from './ready.ts';

interface Recorded {
  readonly pruned: {
    readonly cases: readonly {
      readonly share: number;
      readonly global: Readonly<Record<string, string>>;
      readonly layer: Readonly<Record<string, string>>;
    }[];
  };
}
const { pruned } = JSON.parse(readFileSync(join(corpus, 'recorded/compression.json'), 'utf8')) as Recorded;

/** Bits as NumPy packs them. */
function bitsOf(text: string, count: number): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: count }, (_, index) => ((bytes[index >> 3] ?? 0) >> (7 - (index & 7))) & 1);
}

/** x [N, 4] through weights [4, 3] to y. */
function linear(weights: readonly number[], inputs: readonly string[] = []) {
  const constant = tensor('w', [4, 3], Float32Array.from(weights));
  const graph = graphOf({
    name: 'linear',
    nodes: [node('MatMul', ['x', 'w'], ['y'], { name: 'product' })],
    inputs: [tensorValue('x', 'FLOAT', ['N', 4]), ...inputs.map((name) => tensorValue(name, 'FLOAT', [4, 3]))],
    outputs: [tensorValue('y', 'FLOAT', ['N', 3])],
    initializers: [constant],
  });
  return modelOf({ graph, opsets: { '': 18 } });
}

describe('weights', () => {
  it.each(pruned.cases)('are cut where torch.nn.utils.prune of PyTorch 2.15.0 cuts: $share', ({ share, ...wanted }) => {
    const model = modelOfCorpus('digits-cnn.export-18');
    for (const scope of ['global', 'layer'] as const) {
      const { mask, layers } = prune(model, { share, scope });
      expect([...mask.keys()].sort()).toEqual(Object.keys(wanted[scope]).sort());
      for (const [name, kept] of mask) expect([...kept]).toEqual(bitsOf(wanted[scope][name] ?? '', kept.length));
      const counts = layers.map(({ weights, kept }) => [weights, kept]);
      const total = counts.reduce((sum, [weights = 0, kept = 0]) => sum + weights - kept, 0);
      expect(total / 3592).toBeCloseTo(share, 2);
    }
  });

  it('of equal size are cut in the order of the file, so many as are asked for', () => {
    const { model, layers } = prune(linear([1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1]), { share: 0.25 });
    const constant = model.graph.initializers.get('w');
    expect(constant && [...valuesOf(constant, 'FLOAT')]).toEqual([0, 0, 0, -1, 1, -1, 1, -1, 1, -1, 1, -1]);
    expect(layers).toEqual([{ layer: 'product', operator: 'MatMul', weights: 12, kept: 9 }]);
  });

  it('of recurrent layers are cut too, and what is excluded stays', async () => {
    const model = modelOfCorpus('digits-lstm.export-18');
    const { model: after, layers, left } = prune(model, { share: 0.6, exclude: ['node_linear'] });
    expect(layers).toEqual([{ layer: 'node_lstm__2', operator: 'LSTM', weights: 6144, kept: 2458 }]);
    expect(left).toEqual([{ layer: 'node_linear', operator: 'Gemm', why: 'excluded' }]);
    expect(after.graph.initializers.get('fc.weight')).toBe(model.graph.initializers.get('fc.weight'));
    await requireSound(after, model);
  });

  it('that are cut stay 0 while the model is trained on, which wins back what they cost', async () => {
    const model = modelOfCorpus('digits-mlp.export-18');
    const { model: cut, mask } = prune(model, { share: 0.9 });
    const [learned, test] = [rowsOfData('digits', 'train'), rowsOfData('digits', 'test')];
    const feeds = [2, 3].map((count) => ({ x: rowsOfData('digits', 'train', count).x }));
    const modern = upgraded(cut, () => undefined);
    const facts = await probeFacts(modern, feeds);
    const trainable = await Trainable.open(modern, { facts, input: 'x', output: 'y', threads: 1 });
    const rate = () => 3e-3;
    await train(trainable, learned.samples, randomOf('on'), {
      ...{ epochs: 6, batch: 64, rate, optimiser: masked(adam(), mask) },
    });
    const tuned = withWeights(cut, trainable.weights);
    await trainable.release();
    for (const [name, kept] of mask) {
      const values = valuesOf(tuned.graph.initializers.get(name) ?? tensor('', [0], new Float32Array(0)), 'FLOAT');
      expect(values.every((value, index) => kept[index] === 1 || value === 0)).toBe(true);
      expect(values.filter((value) => value !== 0).length).toBeGreaterThan(0);
    }
    const before = await answers(writeModel(cut), test);
    const after = await answers(await requireSound(tuned, model), test);
    expect(after.accuracy).toBeGreaterThan(before.accuracy + 0.1);
  });

  it('that are cut are 0 behind every step, and gather no momentum; others move as ever', () => {
    const [w, plain] = [Float32Array.of(1, 1), Float32Array.of(1, 1)];
    const gradients = new Map([['w', Float32Array.of(0.5, 0.5)]]);
    const [kept, free] = [
      masked(sgd({ momentum: 0.9 }), new Map([['w', Uint8Array.of(1, 0)]])),
      sgd({ momentum: 0.9 }),
    ];
    for (let step = 0; step < 3; step += 1) {
      kept.step(new Map([['w', w]]), gradients, 1, 0.1);
      free.step(new Map([['w', plain]]), gradients, 1, 0.1);
      expect([...w]).toEqual([plain[0], 0]);
    }
    expect(gradients.get('w')).toEqual(Float32Array.of(0.5, 0.5));
  });

  it('give the same bytes again, a file as long as before, and a shorter one where it is compressed or sparse', async () => {
    const model = modelOfCorpus('digits-cnn.export-18');
    const { model: cut } = prune(model, { share: 0.9 });
    const file = await requireSound(cut, model);
    expect(digest(writeModel(prune(readModel(fileOf('digits-cnn.export-18')), { share: 0.9 }).model))).toBe(
      digest(file),
    );
    expect(file.length).toBe(writeModel(model).length);
    const sparse = await requireSound(sparselyStored(cut), model);
    // of 3592 weights of 4 bytes a tenth is left, of 12 bytes each; the rest are biases, names and nodes
    expect(sparse.length).toBeLessThan(file.length - 3592 * 4 + 360 * 12 + 500);
    const test = rowsOfData('digits', 'test', 100);
    const [dense, thin] = [await answers(file, test), await answers(sparse, test)];
    expect(relativeError(thin.values, dense.values)).toBe(0);
  });
});

describe('refused is', () => {
  it.each([0, 1, -0.5, Number.NaN])('a share of %s', (share) => {
    expect(() => prune(linear(Array.from({ length: 12 }, () => 1)), { share })).toThrow(
      expect.objectContaining({ code: 'HF_TRIALS_OPTIONS' }) as Error,
    );
  });

  it('a model whose weights a caller may replace, by name', () => {
    const model = linear(
      Array.from({ length: 12 }, () => 1),
      ['w'],
    );
    expect(() => prune(model, { share: 0.5 })).toThrow(
      expect.objectContaining({
        code: 'HF_TRIALS_COMPRESSION',
        where: '`product`: its weights are an input, which a caller may replace',
      }) as Error,
    );
  });

  it('weights for a model that has none of this size', () => {
    const model = linear(Array.from({ length: 12 }, () => 1));
    expect(() => withWeights(model, new Map([['w', new Float32Array(11)]]))).toThrow('no weight `w` of 11 numbers');
  });
});
