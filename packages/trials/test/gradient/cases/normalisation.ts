import { node, tensor } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { type Draws, pick, some } from './draw.ts';
import { batchNormalizationInTraining } from './norm.ts';

export const normalisationCases: Draws = {
  BatchNormalization: (random: Random) =>
    random.integer(2) === 0
      ? batchNormalizationInTraining(random)
      : {
          nodes: [node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], ['y'])],
          inputs: {
            x: some(
              random,
              pick(random, [
                [2, 3],
                [2, 3, 2],
                [2, 3, 2, 2],
              ]),
            ),
            ...{ s: some(random, [3]), b: some(random, [3]) },
          },
          constants: [tensor('m', [3], Float64Array.of(0.1, -0.2, 0.3)), tensor('v', [3], Float64Array.of(0.5, 1, 2))],
        },
  LayerNormalization: (random: Random) => {
    const axis = pick(random, [-1, 1]);
    const own = axis === -1 ? [4] : [3, 4];
    return {
      nodes: [node('LayerNormalization', ['x', 's', 'b'], ['y'], { attributes: { axis: BigInt(axis) } })],
      inputs: { x: some(random, [2, 3, 4]), s: some(random, own), b: some(random, own) },
      batched: ['x'],
    };
  },
  InstanceNormalization: (random: Random) => ({
    nodes: [node('InstanceNormalization', ['x', 's', 'b'], ['y'])],
    inputs: { x: some(random, [2, 3, 2, 3]), s: some(random, [3]), b: some(random, [3]) },
    batched: ['x'],
  }),
};
