import { graphOf, modelOf, node, tensor, tensorValue, valuesOf, writeModel } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { projectedGradient } from '../../src/attacks/gradient-ascent.ts';
import { quantise } from '../../src/hardening/quantise.ts';
import { openVictim } from '../../src/onnx-victim.ts';
import { fileOf, modelOfCorpus, rowsOfData } from './ready.ts';

it('the gradient goes straight through what rounds, and not beyond the range', async () => {
  const graph = graphOf({
    name: 'linear',
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
    inputs: [tensorValue('x', 'FLOAT', ['N', 2])],
    outputs: [tensorValue('y', 'FLOAT', ['N', 2])],
    initializers: [tensor('w', [2, 2], Float32Array.of(0.3, -1, 2, 0.7))],
  });
  const samples = { type: 'FLOAT', dims: [1, 2], data: Float32Array.of(-1, 1) } as const;
  const { model } = await quantise(modelOf({ graph, opsets: { '': 18 } }), [{ x: samples }]);
  const stored = model.graph.initializers.get('w');
  const w = stored === undefined ? [] : [...valuesOf(stored, 'INT8')];
  // scales of the columns: 2 / 127 and 1 / 127
  const real = w.map((value, index) => (value * (index % 2 === 0 ? 2 : 1)) / 127);
  const victim = await openVictim(writeModel(model), { threads: 1 });
  const { gradient } = await victim.pullback(Float32Array.of(0.5, 3, -0.25, 0.75), Float32Array.of(1, 10, 1, 10));
  await victim.release();
  // seed · wᵀ; 3 lies outside of [−1, 1], where moving it changes nothing
  const through = [real[0]! + 10 * real[1]!, real[2]! + 10 * real[3]!];
  for (const [index, value] of [through[0], 0, through[0], through[1]].entries()) {
    expect(gradient[index]).toBeCloseTo(value ?? Number.NaN, 5);
  }
});

it('projected gradient descent fools a quantised model as often as the one it came from', async () => {
  const name = 'digits-cnn.export-18';
  const { model } = await quantise(modelOfCorpus(name), [{ x: rowsOfData('digits', 'train', 256).x }]);
  const { samples } = rowsOfData('digits', 'test', 200);
  const threat = { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } } as const;
  const withstood = async (file: Uint8Array): Promise<number> => {
    const victim = await openVictim(file, { threads: 1 });
    const found = await projectedGradient({ steps: 20, stepSize: 0.0125 })(victim, samples, threat, randomOf(1));
    const right = (await victim.classify(found)).filter((label, row) => label === samples.labels[row]).length;
    await victim.release();
    return right;
  };
  const [before, after] = [await withstood(fileOf(name)), await withstood(writeModel(model))];
  expect(before).toBeLessThan(100);
  expect(Math.abs(after - before)).toBeLessThanOrEqual(10);
});
