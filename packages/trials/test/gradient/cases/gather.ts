import { node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { integersOf } from '../gradient-case.ts';
import { type Draws, pick, some } from './draw.ts';

export const gatherCases: Draws = {
  Gather: (random: Random) => {
    const [indices, dims] = pick(random, [
      [[1, 0, 1], [3]],
      [[1], []],
      [
        [0, 1, 1, 0],
        [2, 2],
      ],
    ] as const);
    return {
      nodes: [node('Gather', ['x', 'i'], ['y'], { attributes: { axis: pick(random, [0n, 1n, -1n]) } })],
      inputs: { x: some(random, [2, 3, 2]) },
      constants: [integersOf('i', indices, dims)],
    };
  },
  GatherElements: (random: Random) => ({
    nodes: [node('GatherElements', ['x', 'i'], ['y'], { attributes: { axis: 1n } })],
    inputs: { x: some(random, [2, 3]) },
    constants: [integersOf('i', [0, 2, 2, 1], [2, 2])],
  }),
  GatherND: (random: Random) => ({
    nodes: [node('GatherND', ['x', 'i'], ['y'])],
    inputs: { x: some(random, [2, 3]) },
    constants: [integersOf('i', [0, 1, 1, 1, 0, 1], [3, 2])],
  }),
  ScatterElements: (random: Random) => ({
    nodes: [
      node('ScatterElements', ['x', 'i', 'u'], ['y'], {
        attributes: { axis: 1n, reduction: pick(random, ['none', 'add']) },
      }),
    ],
    inputs: { x: some(random, [2, 3]), u: some(random, [2, 2]) },
    constants: [integersOf('i', [0, 2, 1, 0], [2, 2])],
  }),
  ScatterND: (random: Random) => ({
    nodes: [node('ScatterND', ['x', 'i', 'u'], ['y'], { attributes: { reduction: pick(random, ['none', 'add']) } })],
    inputs: { x: some(random, [3, 2]), u: some(random, [2, 2]) },
    constants: [integersOf('i', [2, 0], [2, 1])],
  }),
};
