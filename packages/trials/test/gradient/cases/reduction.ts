import { node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { integersOf } from '../gradient-case.ts';
import { type Draw, type Draws, pick, some } from './draw.ts';

function reduction(opType: string, low = -2, high = 2): Draw {
  return (random) => {
    const axes = pick(random, [[0], [1], [-1], [0, 2], [1, 2], [0, 1, 2], undefined]);
    const keepdims = BigInt(random.integer(2));
    return {
      nodes: [node(opType, axes === undefined ? ['x'] : ['x', 'axes'], ['y'], { attributes: { keepdims } })],
      inputs: { x: some(random, [2, 3, 2], low, high) },
      ...(axes === undefined ? {} : { constants: [integersOf('axes', axes)] }),
      batched: ['x'],
    };
  };
}

export const reductionCases: Draws = {
  ...Object.fromEntries(
    [
      'ReduceSum',
      'ReduceMean',
      'ReduceMax',
      'ReduceMin',
      'ReduceL1',
      'ReduceL2',
      'ReduceSumSquare',
      'ReduceLogSumExp',
      'ReduceProd',
    ].map((name) => [name, reduction(name)]),
  ),
  ReduceLogSum: reduction('ReduceLogSum', 0.3, 2),
  Softmax: (random: Random) => ({
    nodes: [node('Softmax', ['x'], ['y'], { attributes: { axis: pick(random, [-1n, 0n, 1n]) } })],
    inputs: { x: some(random, [2, 3, 2]) },
  }),
  LogSoftmax: (random: Random) => ({
    nodes: [node('LogSoftmax', ['x'], ['y'], { attributes: { axis: pick(random, [-1n, 0n, 1n]) } })],
    inputs: { x: some(random, [2, 3, 2]) },
  }),
};
