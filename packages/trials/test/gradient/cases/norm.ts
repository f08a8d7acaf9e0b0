import { node } from '@holdfast/onnx';
import { integersOf } from '../gradient-case.ts';
import { type Draw, type Draws, from, pick, some } from './draw.ts';

/** Batch statistics; the loss depends on the running ones too, which move towards them. */
export const batchNormalizationInTraining: Draw = (random) => {
  const dims = pick(random, [
    [4, 3],
    [2, 3, 2],
    [2, 3, 2, 2],
  ]);
  const attributes = { training_mode: 1n, momentum: pick(random, [0.9, 0.25]), epsilon: pick(random, [1e-5, 0.01]) };
  const outputs = ['normal', 'mean', 'variance'];
  const joined = pick(random, [['flat'], ['flat', 'mean', 'variance'], ['mean', 'variance']]);
  return {
    nodes: [
      node('BatchNormalization', ['x', 's', 'b', 'm', 'v'], outputs, { attributes }),
      node('Reshape', ['normal', 'all'], ['flat']),
      node('Concat', joined, ['y'], { attributes: { axis: 0n } }),
    ],
    inputs: {
      ...{ x: some(random, dims), s: some(random, [3]), b: some(random, [3]) },
      ...{ m: some(random, [3]), v: some(random, [3], 0.5, 2) },
    },
    constants: [integersOf('all', [-1])],
    batched: ['x'],
  };
};

const groupNormalization: Draw = (random) => {
  const [groups, each, opset] = [from(random, 1, 3), from(random, 1, 2), pick(random, [18, 21])];
  const channels = groups * each;
  const own = [opset === 18 ? groups : channels];
  const space = pick(random, [[4], [2, 3], [2, 2, 1]]);
  return {
    nodes: [
      node('GroupNormalization', ['x', 's', 'b'], ['y'], {
        attributes: { num_groups: BigInt(groups), epsilon: pick(random, [1e-5, 0.01]) },
      }),
    ],
    inputs: { x: some(random, [2, channels, ...space]), s: some(random, own), b: some(random, own) },
    batched: ['x'],
    opset,
  };
};

const rmsNormalization: Draw = (random) => {
  const axis = pick(random, [-1, 1, 2, -2]);
  const own = axis === -1 || axis === 2 ? pick(random, [[4], [1]]) : pick(random, [[3, 4], [4]]);
  return {
    nodes: [node('RMSNormalization', ['x', 's'], ['y'], { attributes: { axis: BigInt(axis) } })],
    inputs: { x: some(random, [2, 3, 4]), s: some(random, own) },
    batched: ['x'],
    opset: 23,
  };
};

const meanVarianceNormalization: Draw = (random) => {
  const axes = pick(random, [undefined, [0n, 2n, 3n], [2n, 3n], [-1n], [1n]]);
  return {
    nodes: [node('MeanVarianceNormalization', ['x'], ['y'], { attributes: axes === undefined ? {} : { axes } })],
    inputs: { x: some(random, [2, 3, 2, 3]) },
    batched: ['x'],
  };
};

function lrn(sizes: readonly number[]): Draw {
  return (random) => {
    const size = BigInt(pick(random, sizes));
    const attributes = {
      alpha: pick(random, [1e-4, 0.5]),
      beta: pick(random, [0.75, 0.5]),
      bias: pick(random, [1, 2]),
    };
    return {
      nodes: [node('LRN', ['x'], ['y'], { attributes: { size, ...attributes } })],
      inputs: { x: some(random, [2, from(random, 3, 5), 2, 2]) },
      batched: ['x'],
    };
  };
}

export const normCases: Draws = {
  GroupNormalization: groupNormalization,
  RMSNormalization: rmsNormalization,
  MeanVarianceNormalization: meanVarianceNormalization,
  LpNormalization: (random) => ({
    nodes: [
      node('LpNormalization', ['x'], ['y'], {
        attributes: { axis: pick(random, [-1n, 0n, 1n]), p: pick(random, [1n, 2n]) },
      }),
    ],
    inputs: { x: some(random, [2, 3, 2]) },
    batched: ['x'],
  }),
  LRN: lrn([1, 3, 5]),
};

/** The runtime only takes odd numbers of channels. */
export const evenLrnCases: Draws = { 'LRN over an even number of channels': lrn([2, 4]) };
