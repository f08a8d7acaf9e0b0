import { node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { big, type Draw, type Draws, from, pick, some } from './draw.ts';

function pool(opType: 'MaxPool' | 'AveragePool'): Draw {
  return (random) => {
    const rank = pick(random, [1, 2, 2]);
    const per = (least: number, most: number) => Array.from({ length: rank }, () => from(random, least, most));
    const kernel = per(2, 3);
    const pads = [...per(0, 1), ...per(0, 1)];
    const ceil_mode = opType === 'MaxPool' ? BigInt(random.integer(2)) : 0n;
    const attributes = { kernel_shape: big(kernel), strides: big(per(1, 3)), pads: big(pads), ceil_mode };
    const more =
      opType === 'AveragePool' ? { count_include_pad: BigInt(random.integer(2)) } : { dilations: big(per(1, 2)) };
    return {
      nodes: [node(opType, ['x'], ['y'], { attributes: { ...attributes, ...more } })],
      inputs: { x: some(random, [2, 2, ...per(5, 6)]) },
      batched: ['x'],
    };
  };
}

export const poolCases: Draws = {
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
