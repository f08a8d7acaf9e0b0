import { type NodeOptions, node, tensor } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { integersOf } from '../gradient-case.ts';
import { type Draw, type Draws, pick, some } from './draw.ts';

/** A loss of [3, 4, …] with labels, of which some are ignored, and a weight for each class, or none. */
function loss(opType: string, outputs: (random: Random) => readonly string[]): Draw {
  return (random) => {
    const space = pick(random, [[], [2], [2, 1]]);
    const count = 3 * space.reduce((product, size) => product * size, 1);
    const ignored = pick(random, [undefined, -1, 2]);
    const labels = Array.from({ length: count }, (_, at) =>
      at > 0 && ignored !== undefined && random.integer(3) === 0 ? ignored : random.integer(2),
    );
    const attributes: NonNullable<NodeOptions['attributes']> = {
      reduction: pick(random, ['mean', 'sum', 'none']),
      ...(ignored === undefined ? {} : { ignore_index: BigInt(ignored) }),
    };
    const isWeighted = random.integer(2) === 0;
    const given = outputs(random);
    const sum = given.length > 1 ? [node('ReduceSum', ['logs'], ['total'], { attributes: { keepdims: 0n } })] : [];
    return {
      nodes: [
        node(opType, ['x', 't', ...(isWeighted ? ['w'] : [])], given, { attributes }),
        ...sum,
        ...(given.length > 1 ? [node('Add', ['loss', 'total'], ['y'])] : []),
      ],
      inputs: { x: some(random, [3, 4, ...space]) },
      constants: [
        integersOf('t', labels, [3, ...space]),
        ...(isWeighted ? [tensor('w', [4], Float64Array.of(0.5, 1.5, 2, 0.25))] : []),
      ],
    };
  };
}

export const lossCases: Draws = {
  NegativeLogLikelihoodLoss: loss('NegativeLogLikelihoodLoss', () => ['y']),
  SoftmaxCrossEntropyLoss: loss('SoftmaxCrossEntropyLoss', (random) => pick(random, [['y'], ['loss', 'logs']])),
};
