import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '@holdfast/inference';
import { readModel, writeModel } from '@holdfast/onnx';
import { afterAll, describe, expect, it } from 'vitest';
import { TrialsError } from '../../src/errors.ts';
import { adversarialOptions } from '../../src/hardening/adversarial-options.ts';
import {
  type Hardened,
  type HardenSurroundings,
  hardenAdversarial,
  hardenRegularised,
} from '../../src/hardening/harden.ts';
import { withWeights } from '../../src/hardening/mask.ts';
import { regulariseOptions } from '../../src/hardening/regularise-options.ts';
import { corpus } from '../corpus.ts';
import { fileOf } from './network.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-harden-'));
cpSync(join(corpus, 'data/digits-train.npz'), join(folder, 'train.npz'));
cpSync(join(corpus, 'data/wine-train.npz'), join(folder, 'wine.npz'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const short = { data: 'train.npz', norm: 'linf', epsilon: 0.1, epochs: 2, steps: 2, rate: 3e-3, batch: 128 };

async function trained(
  model: string,
  given: Readonly<Record<string, unknown>> = {},
  where: HardenSurroundings = {},
): Promise<Hardened> {
  return hardenAdversarial(fileOf(model), adversarialOptions({ ...short, ...given }), { folder, ...where });
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof TrialsError) return error.code;
  throw error instanceof Error ? error : new Error('nothing was refused');
}

describe('a hardened file', () => {
  it.each(['digits-cnn.trace-11', 'digits-residual.trace-13', 'digits-lstm.export-18', 'digits-mlp-softmax.trace-13'])(
    '%s is the file that it was but for weights, and runs',
    async (name) => {
      const { bytes } = await trained(name, { epochs: 1 });
      const [before, after] = [readModel(fileOf(name)), readModel(bytes)];
      const skeleton = ({ graph, ...model }: typeof before) => ({
        ...{ ...model, inputs: graph.inputs, outputs: graph.outputs, nodes: graph.nodes },
        weights: [...graph.initializers].map(([each, { dataType, dims }]) => [each, dataType, dims]),
      });
      expect(skeleton(after)).toEqual(skeleton(before));
      const session = await openSession(bytes, { threads: 1 });
      const input = { x: { type: 'FLOAT', dims: [1, 1, 8, 8], data: new Float32Array(64) } } as const;
      const found = Object.values(await session.run(input))[0]!;
      expect(found.dims).toEqual([1, 10]);
      expect([...(found.data as Float32Array)].every(Number.isFinite)).toBe(true);
      await session.release();
    },
  );

  it('holds running statistics that moved with its weights', async () => {
    const { bytes } = await trained('digits-residual.trace-13', { epochs: 1 });
    const of = (file: Uint8Array) => readModel(file).graph.initializers.get('bn1.running_var')?.content;
    expect(of(bytes)).not.toEqual(of(fileOf('digits-residual.trace-13')));
  });

  it('trained from scratch owes nothing to the weights that the file had', async () => {
    const options = adversarialOptions({ ...short, fromScratch: true, epochs: 1 });
    const one = fileOf('digits-mlp.trace-11');
    const emptied = new Map([['layers.0.weight', new Float32Array(64 * 32)]]);
    const other = writeModel(withWeights(readModel(one), emptied));
    const [first, second] = [
      await hardenAdversarial(one, options, { folder }),
      await hardenAdversarial(other, options, { folder }),
    ];
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
    expect(Buffer.compare(first.bytes, (await trained('digits-mlp.trace-11', { epochs: 1 })).bytes)).not.toBe(0);
  });
});

describe('what is kept', () => {
  const given = { epochs: 3, average: 'ema', optimiser: 'sgd', method: 'trades' };
  const model = 'digits-residual.export-18';

  it('goes on behind an interruption in the middle of an epoch, to the same bits', { timeout: 60_000 }, async () => {
    const whole = await trained(model, given);
    const checkpoint = join(folder, 'interrupted.checkpoint');
    for (const stops of [0.2, 0.5, 0.9]) {
      const controller = new AbortController();
      const progress = (done: number): void => {
        if (done >= stops) controller.abort();
      };
      const where = { checkpoint, signal: controller.signal, progress, keepEverySeconds: 1e9, resume: stops > 0.2 };
      expect(await refusal(trained(model, given, where))).toBe('HF_TRIALS_INTERRUPTED');
    }
    const resumed = await trained(model, given, { checkpoint, resume: true });
    expect(Buffer.compare(resumed.bytes, whole.bytes)).toBe(0);
    expect(resumed.course).toEqual(whole.course);
    // and once it is over there is nothing left to do
    expect((await trained(model, given, { checkpoint, resume: true })).bytes).toEqual(whole.bytes);
  });

  it('goes on with nothing else, and only if it is whole', { timeout: 60_000 }, async () => {
    const checkpoint = join(folder, 'other.checkpoint');
    const mlp = 'digits-mlp.trace-11';
    expect(await refusal(trained(mlp, {}, { checkpoint, resume: true }))).toBe('HF_TRIALS_CHECKPOINT');
    await trained(mlp, { epochs: 1 }, { checkpoint });
    expect(existsSync(checkpoint)).toBe(true);
    expect(await refusal(trained(mlp, { epochs: 2 }, { checkpoint, resume: true }))).toBe('HF_TRIALS_CHECKPOINT');
    const bytes = readFileSync(checkpoint);
    const spoilt = [
      bytes.subarray(0, bytes.length - 4),
      bytes.subarray(0, 5),
      Buffer.alloc(0),
      Buffer.concat([Buffer.alloc(8, 0xff), bytes.subarray(8)]),
      ...[8, 40, 200, bytes.length >> 1, bytes.length - 1].map((at) => {
        const copy = Buffer.from(bytes);
        copy[at]! ^= 1;
        return copy;
      }),
    ];
    for (const [index, each] of spoilt.entries()) {
      writeFileSync(checkpoint, each);
      const found = await refusal(trained(mlp, { epochs: 1 }, { checkpoint, resume: true }));
      expect(found, `spoilt ${index}`).toBe('HF_TRIALS_CHECKPOINT');
    }
  });
});

describe('a training ends', () => {
  it('where the loss is no number any more', async () => {
    expect(await refusal(trained('digits-mlp.trace-11', { rate: 1e30, optimiser: 'sgd' }))).toBe('HF_TRIALS_DIVERGED');
  });

  it('where nothing gets better for as long as one is patient', async () => {
    const { course, notes } = await trained('digits-mlp.trace-11', { rate: 1e-12, epochs: 9, patience: 2 });
    expect(course).toMatchObject({ ended: 'early', chosen: { epoch: 1 } });
    expect(course.epochs).toHaveLength(3);
    expect(notes).toEqual(['it ended early: 2 epochs in which nothing got better']);
  });

  it('with the last weights where nothing is held out', async () => {
    const { course, rows, measuredOn } = await trained('digits-mlp.trace-11', { validation: 0 });
    expect(course).toMatchObject({ ended: 'finished', looks: [] });
    expect(course.chosen).toBeUndefined();
    expect(rows).toEqual({ trained: 797, held: 0 });
    expect(measuredOn.labels).toHaveLength(0);
  });
});

it('an input-gradient penalty makes the gradients of the inputs smaller', async () => {
  const options = regulariseOptions({
    data: 'train.npz',
    norm: 'linf',
    epsilon: 0.1,
    penalty: 3,
    epochs: 4,
    rate: 3e-3,
    seed: 'p',
  });
  const plain = regulariseOptions({
    data: 'train.npz',
    norm: 'linf',
    epsilon: 0.1,
    penalty: 0,
    smoothing: 1e-9,
    epochs: 4,
    rate: 3e-3,
    seed: 'p',
  });
  const bytes = fileOf('digits-mlp.export-18');
  const [held, loose] = [
    await hardenRegularised(bytes, options, { folder }),
    await hardenRegularised(bytes, plain, { folder }),
  ];
  const slope = async ({ bytes: file, measuredOn }: Hardened): Promise<number> => {
    const { openVictim } = await import('../../src/onnx-victim.ts');
    const victim = await openVictim(file, { threads: 1 });
    const { gradient } = await victim.lossGradient(measuredOn.x, measuredOn.labels, 'cross-entropy');
    await victim.release();
    return gradient.reduce((sum, value) => sum + value * value, 0);
  };
  expect(await slope(held)).toBeLessThan((await slope(loose)) / 2);
});

describe('options', () => {
  it.each([
    [{ data: undefined }],
    [{ epsilon: undefined }],
    [{ norm: undefined }],
    [{ epsilon: 0 }],
    [{ epsilon: Number.NaN }],
    [{ method: 'free' }],
    [{ method: 'fast', steps: 3 }],
    [{ method: 'fast', steps: 1, validation: 0 }],
    [{ method: 'trades', smoothing: 0.1 }],
    [{ validation: 0.95 }],
    [{ epochs: 1.5 }],
    [{ batch: 0 }],
    [{ rate: 0 }],
    [{ schedule: 'warm' }],
    [{ low: 1, high: 0 }],
    [{ mean: [0.5] }],
    [{ mean: [0.5], deviation: [0] }],
    [{ fromScratch: 'yes' }],
    [{ label: {} }],
    [{ surprise: 1 }],
  ])('%j is refused', (given) => {
    expect(() => adversarialOptions({ ...short, ...given })).toThrow(TrialsError);
  });

  it('without a penalty and without smoothing nothing is hardened', () => {
    expect(() => regulariseOptions({ data: 'a', norm: 'linf', epsilon: 0.1, penalty: 0 })).toThrow(/both 0/);
  });

  it('samples have to fit the model and the bounds', async () => {
    expect(await refusal(trained('digits-mlp.trace-11', { data: 'wine.npz' }))).toBe('HF_TRIALS_DATA');
    expect(await refusal(trained('digits-mlp.trace-11', { high: 0.5 }))).toBe('HF_TRIALS_DATA');
  });
});
