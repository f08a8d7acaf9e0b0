import { graphOf, type Model, modelOf, node, readModel, tensor, tensorValue } from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { expect, it } from 'vitest';
import { initialStatistics, initialWeights } from '../../src/hardening/initialise.ts';
import { fileOf } from './network.ts';

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** MatMul of [200, 300] with a rectifier behind it or nothing; Gemm the other way round. */
function layered(opType: 'MatMul' | 'Gemm', isRectified: boolean): Model {
  const dims = opType === 'MatMul' ? [200, 300] : [300, 200];
  const attributes = opType === 'Gemm' ? { transB: 1n } : {};
  const nodes = [node(opType, ['x', 'w'], ['y'], { attributes }), node(isRectified ? 'Relu' : 'Tanh', ['y'], ['z'])];
  const graph = graphOf({
    ...{ name: 'layer', nodes },
    inputs: [tensorValue('x', 'FLOAT', ['n', 200])],
    outputs: [tensorValue('z', 'FLOAT', ['n', 300])],
    initializers: [tensor('w', dims, new Float32Array(60_000))],
  });
  return modelOf({ graph, opsets: { '': 18 } });
}

it.each(['MatMul', 'Gemm'] as const)('%s before a rectifier begins with He, elsewhere with Glorot', (opType) => {
  const he = initialWeights(layered(opType, true), randomOf(1)).get('w')!;
  // √(2/fan in); a sample deviation of 60,000 numbers is right to 1 % with room to spare
  expect(deviation(he) / Math.sqrt(2 / 200)).toBeCloseTo(1, 1.6);
  const glorot = initialWeights(layered(opType, false), randomOf(1)).get('w')!;
  const limit = Math.sqrt(6 / 500);
  expect(Math.max(...glorot)).toBeLessThanOrEqual(Math.fround(limit));
  expect(Math.max(...glorot)).toBeGreaterThan(0.999 * limit);
  expect(deviation(glorot) / (limit / Math.sqrt(3))).toBeCloseTo(1, 1.6);
});

it('convolutions count what flows into a number; biases begin at 0, scales at 1, statistics at 0 and 1', () => {
  const model = readModel(fileOf('digits-residual.export-18'));
  const found = initialWeights(model, randomOf('digits'));
  expect([...found.keys()].sort()).toEqual(
    [
      ...['bn1.bias', 'bn1.weight', 'bn3.bias', 'bn3.weight', 'conv1.weight', 'conv1.weight_bias', 'conv2.weight'],
      ...['fc.bias', 'fc.weight', 'stem.bias', 'stem.weight'],
    ].sort(),
  );
  expect(deviation(found.get('conv1.weight')!) / Math.sqrt(2 / (12 * 9))).toBeCloseTo(1, 1);
  expect(new Set(found.get('stem.bias'))).toEqual(new Set([0]));
  expect(new Set(found.get('bn1.weight'))).toEqual(new Set([1]));
  expect(new Set(found.get('bn1.bias'))).toEqual(new Set([0]));
  const statistics = initialStatistics(model);
  expect(new Set(statistics.get('bn3.running_mean'))).toEqual(new Set([0]));
  expect(new Set(statistics.get('bn3.running_var'))).toEqual(new Set([1]));
  expect(initialWeights(model, randomOf('digits'))).toEqual(found);
  expect(initialWeights(model, randomOf('other')).get('fc.weight')).not.toEqual(found.get('fc.weight'));
});
