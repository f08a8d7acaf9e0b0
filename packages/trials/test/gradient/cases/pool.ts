import { node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { big, type Draw, type Draws, from, pick, some } from './draw.ts';

function pool(opType: 'MaxPool' | 'AveragePool' | 'LpPool'): Draw {
  return (random) => {
    const rank = pick(random, [1, 2, 2]);
    const per = (least: number, most: number) => Array.from({ length: rank }, () => from(random, least, most));
    const kernel = per(2, 3);
    const pads = [...per(0, 1), ...per(0, 1)];
    const ceil_mode = opType === 'AveragePool' ? 0n : BigInt(random.integer(2));
    const attributes = { kernel_shape: big(kernel), strides: big(per(1, 3)), pads: big(pads), ceil_mode };
    const more = {
      AveragePool: () => ({ count_include_pad: BigInt(random.integer(2)) }),
      MaxPool: () => ({ dilations: big(per(1, 2)) }),
      LpPool: () => ({ dilations: big(per(1, 2)), p: BigInt(from(random, 1, 4)) }),
    }[opType]();
    return {
      nodes: [node(opType, ['x'], ['y'], { attributes: { ...attributes, ...more } })],
      inputs: { x: some(random, [2, 2, ...per(5, 6)]) },
      batched: ['x'],
    };
  };
}

export const poolCases: Draws = {
  LpPool: pool('LpPool'),
  GlobalLpPool: (random: Random) => ({
    nodes: [node('GlobalLpPool', ['x'], ['y'], { attributes: { p: BigInt(from(random, 1, 4)) } })],
    inputs: { x: some(random, [2, 2, 3, 2]) },
    batched: ['x'],
  }),
  MaxPool: pool('MaxPool'),
  AveragePool: pool('AveragePool'),
  GlobalAveragePool: (random: Random) => ({
    nodes: [node('GlobalAveragePool', ['x'], ['y'])],
    inputs: { x: some(random, [2, 2, 3, 2]) },
    batched: ['x'],
  }),
  GlobalMaxPool: (random: Random) => ({
    nodes: [node('GlobalMaxPool', ['x'], ['y'])],
    inputs: { x: some(random, [2, 2, 3, 2]) },
    batched: ['x'],
  }),
};
