import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openSession } from '@holdfast/inference';
import { runtime } from '@holdfast/inference/runtime';
import { type Model, readModel, valuesOf } from '@holdfast/onnx';
import { temporaryFolder } from '@holdfast/testkit/temporary-folder';
import { describe, expect, it } from 'vitest';
import { quantise } from '../../src/hardening/quantise.ts';
import { quantisationSensitivity } from '../../src/hardening/sensitivity.ts';
import { corpus } from '../corpus.ts';
import { exactBits } from './exact-bits.ts';
import { answers, digest, fileOf, modelOfCorpus, relativeError, requireSound, rowsOfData } from './ready.ts';

interface Peer {
  readonly bytes: number;
  readonly accuracy: number;
  readonly error: number;
}
interface Recorded {
  readonly rows: number;
  readonly quantized: Readonly<
    Record<
      string,
      {
        readonly uint8: Peer;
        readonly int8: Peer;
        readonly scales?: Readonly<
          Record<string, { readonly scale: readonly number[]; readonly zero: readonly number[] }>
        >;
      }
    >
  >;
}
const peers = JSON.parse(readFileSync(join(corpus, 'recorded/compression.json'), 'utf8')) as Recorded;
const dataOf = (name: string): string => (name.startsWith('wine') ? 'wine' : 'digits');
const calibration = (name: string) => [{ x: rowsOfData(dataOf(name), 'train', peers.rows).x }];

/** The operators that ONNX Runtime makes of a model. */
async function fused(file: Uint8Array): Promise<string[]> {
  const { InferenceSession } = await runtime();
  const path = join(temporaryFolder(), 'optimised.onnx');
  const session = await InferenceSession.create(file, {
    ...{ executionProviders: ['cpu'], graphOptimizationLevel: 'all', intraOpNumThreads: 1, logSeverityLevel: 4 },
    optimizedModelFilePath: path,
  });
  await session.release();
  return readModel(readFileSync(path)).graph.nodes.map(({ opType }) => opType);
}

// quantize_static of onnxruntime 1.31.1, per channel, from the same 256 rows
describe.each(Object.entries(peers.quantized))('%s', (name, peer) => {
  const test = rowsOfData(dataOf(name), 'test');

  it.each(['uint8', 'int8'] as const)(
    'in %s is no less accurate than by ONNX Runtime’s own quantiser, and no longer',
    async (activations) => {
      const model = modelOfCorpus(name);
      const file = await requireSound(
        (await quantise(model, calibration(name), { activations, weightBits: exactBits })).model,
        model,
      );
      const [before, after] = [await answers(fileOf(name), test), await answers(file, test)];
      const theirs = peer[activations];
      expect(after.accuracy).toBeGreaterThanOrEqual(theirs.accuracy - 0.005);
      expect(file.length).toBeLessThanOrEqual(theirs.bytes);
      expect(relativeError(after.values, before.values)).toBeLessThan(Math.max(1.5 * theirs.error, 0.01));
    },
  );
});

/** Scales and zero points of what is made real again, by the name of the whole numbers or of what comes of them. */
function scalesOf({ graph }: Model): Map<string, { scale: number[]; zero: number[] }> {
  const found = new Map<string, { scale: number[]; zero: number[] }>();
  for (const { opType, inputs, outputs } of graph.nodes) {
    if (!opType.endsWith('eLinear')) continue;
    const [scale, zero] = [graph.initializers.get(inputs[1] ?? ''), graph.initializers.get(inputs[2] ?? '')];
    const zeros = zero?.dataType === 'UINT8' ? [...valuesOf(zero, 'UINT8')] : [0];
    const entry = { scale: scale === undefined ? [] : [...valuesOf(scale, 'FLOAT')], zero: zeros };
    for (const value of [inputs[0], outputs[0]]) if (value !== undefined) found.set(value, entry);
  }
  return found;
}

it('the scales and zero points of digits-cnn are those of ONNX Runtime’s own quantiser', async () => {
  const name = 'digits-cnn.export-18';
  const found = scalesOf((await quantise(modelOfCorpus(name), calibration(name))).model);
  const wanted = peers.quantized[name]?.scales ?? {};
  // the last output is not rounded at all here
  const names = Object.keys(wanted).filter((each) => each !== 'y_scale');
  expect(names).toHaveLength(8);
  for (const each of names) {
    // what Relu gives behind Gemm is rounded for the next Gemm only, under another name
    const ours = found.get(each.replace('_scale', ''));
    const { scale = [], zero = [] } = wanted[each] ?? {};
    expect(ours?.zero[0]).toBe(zero[0]);
    for (const [place, value] of scale.entries()) expect((ours?.scale[place] ?? 0) / value).toBeCloseTo(1, 5);
  }
});

describe('ONNX Runtime computes in whole numbers', () => {
  it.each([
    ['digits-cnn.export-18', ['QLinearConv', 'QLinearConv', 'QGemm', 'QGemm']],
    ['digits-mlp.export-18', ['QGemm', 'QGemm', 'QGemm']],
    ['digits-residual.export-18', ['QLinearConv', 'QLinearConv', 'QLinearConv', 'QGemm']],
    [
      'digits-transformer.export-23',
      ['QLinearConv', ...Array.from({ length: 4 }, () => 'MatMulIntegerToFloat'), 'QGemm'],
    ],
    ['wine-mlp.skl2onnx-18', ['MatMulIntegerToFloat', 'MatMulIntegerToFloat']],
  ])('%s', async (name, wanted) => {
    const model = modelOfCorpus(name);
    const { model: found } = await quantise(model, calibration(name));
    const operators = await fused(await requireSound(found, model));
    expect(operators.filter((each) => /^Q(Linear|Gemm)|Integer/.test(each))).toEqual(wanted);
    expect(operators.filter((each) => ['Conv', 'Gemm', 'FusedGemm', 'FusedConv'].includes(each))).toEqual([]);
  });
});

describe('exports of other operator sets', () => {
  it('of before 13 are brought to one that has scales for each output', async () => {
    const model = modelOfCorpus('digits-residual.trace-11');
    const { model: found } = await quantise(model, calibration('digits'), { weightBits: exactBits });
    expect(found.opsets.get('')).toBe(18);
    const file = await requireSound(found, model);
    expect((await answers(file, rowsOfData('digits', 'test'))).accuracy).toBeGreaterThan(0.98);
  });

  it('give the same bytes for the same samples, in batches of any size', async () => {
    const { x } = rowsOfData('digits', 'train', 64);
    const model = modelOfCorpus('digits-cnn.trace-17');
    const rows = (from: number, to: number) => ({
      x: { ...x, dims: [to - from, 1, 8, 8], data: (x.data as Float32Array).slice(from * 64, to * 64) },
    });
    const once = await quantise(model, [{ x }], { calibration: 'entropy' });
    const parts = await quantise(model, [rows(0, 40), rows(40, 64)], { calibration: 'entropy' });
    const file = await requireSound(once.model, model);
    expect(digest(await requireSound(parts.model, model))).toBe(digest(file));
  });
});

it.each(['percentile', 'mse', 'entropy'] as const)('calibrated by %s, digits-cnn stays accurate', async (method) => {
  const model = modelOfCorpus('digits-cnn.export-18');
  const { model: found } = await quantise(model, calibration('digits'), { calibration: method, weightBits: exactBits });
  const { accuracy } = await answers(await requireSound(found, model), rowsOfData('digits', 'test'));
  expect(accuracy).toBeGreaterThan(0.93);
});

it('the cost of each layer is what the model of that layer alone gives', async () => {
  const name = 'digits-transformer.export-18';
  const model = modelOfCorpus(name);
  const samples = calibration(name);
  const costs = await quantisationSensitivity(model, samples);
  expect(costs).toHaveLength(6);
  const [first] = costs;
  const { layers } = await quantise(model, samples);
  const exclude = layers.map(({ layer }) => layer).filter((layer) => layer !== first?.layer);
  const { model: alone } = await quantise(model, samples, { exclude });
  const train = rowsOfData('digits', 'train', peers.rows);
  const wanted = (await answers(fileOf(name), train)).values;
  const found = (await answers(await requireSound(alone, model), train)).values;
  expect(relativeError(found, wanted)).toBeCloseTo(first?.error ?? Number.NaN, 4);
  expect(first?.error).toBeGreaterThan(costs.at(-1)?.error ?? 1);
});

it('a session of what was quantised stays usable beside the original', async () => {
  const model = modelOfCorpus('digits-lstm.export-18');
  const { model: found } = await quantise(model, [{ x: rowsOfData('digits', 'train', 64).x }]);
  const file = await requireSound(found, model);
  const session = await openSession(file, { threads: 1 });
  const { x } = rowsOfData('digits', 'test', 2);
  expect((await session.run({ x }))['y']?.dims).toEqual([2, 10]);
  await session.release();
});
