import { node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { integersOf } from '../gradient-case.ts';
import { type Draw, type Draws, from, pick, some } from './draw.ts';

const slice: Draw = (random) => {
  const step = pick(random, [1, 2, -1]);
  const [start, end] = step > 0 ? [from(random, 0, 1), from(random, 3, 9)] : [-1, -100];
  return {
    nodes: [node('Slice', ['x', 'starts', 'ends', 'axes', 'steps'], ['y'])],
    inputs: { x: some(random, [2, 4, 3]) },
    constants: [
      integersOf('starts', [start, 0]),
      integersOf('ends', [end, 2]),
      integersOf('axes', [1, -1]),
      integersOf('steps', [step, 1]),
    ],
    batched: ['x'],
  };
};

export const shapeCases: Draws = {
  Reshape: (random: Random) => ({
    nodes: [node('Reshape', ['x', 'shape'], ['y'])],
    inputs: { x: some(random, [2, 6]) },
    constants: [integersOf('shape', pick(random, [[-1, 3], [0, 2, 3], [12]]))],
  }),
  Flatten: (random: Random) => ({
    nodes: [node('Flatten', ['x'], ['y'], { attributes: { axis: pick(random, [0n, 1n, 2n]) } })],
    inputs: { x: some(random, [2, 3, 2]) },
    batched: ['x'],
  }),
  Transpose: (random: Random) => ({
    nodes: [
      node('Transpose', ['x'], ['y'], {
        attributes: {
          perm: pick(random, [
            [1n, 2n, 0n],
            [2n, 0n, 1n],
            [0n, 2n, 1n],
          ]),
        },
      }),
    ],
    inputs: { x: some(random, [2, 3, 4]) },
  }),
  Unsqueeze: (random: Random) => ({
    nodes: [node('Unsqueeze', ['x', 'axes'], ['y'])],
    inputs: { x: some(random, [2, 3]) },
    constants: [integersOf('axes', pick(random, [[0], [1, 3], [-1]]))],
    batched: ['x'],
  }),
  Squeeze: (random: Random) => ({
    nodes: [node('Squeeze', ['x', 'axes'], ['y'])],
    inputs: { x: some(random, [2, 1, 3, 1]) },
    constants: [integersOf('axes', pick(random, [[1], [1, 3], [-1]]))],
    batched: ['x'],
  }),
  Expand: (random: Random) => ({
    nodes: [node('Expand', ['x', 'shape'], ['y'])],
    inputs: { x: some(random, pick(random, [[1], [3, 1], [1, 3, 1]])) },
    constants: [integersOf('shape', [2, 3, 4])],
  }),
  Concat: (random: Random) => {
    const axis = random.integer(2);
    return {
      nodes: [node('Concat', ['a', 'b', 'c'], ['y'], { attributes: { axis: BigInt(axis) } })],
      inputs: Object.fromEntries(
        ['a', 'b', 'c'].map((name) => [
          name,
          some(random, axis === 0 ? [from(random, 1, 3), 2] : [2, from(random, 1, 3)]),
        ]),
      ),
      ...(axis === 1 ? { batched: ['a', 'b', 'c'] } : {}),
    };
  },
  Split: (random: Random) => ({
    nodes: [node('Split', ['x', 'parts'], ['u', 'v'], { attributes: { axis: 1n } }), node('Mul', ['u', 'u'], ['y'])],
    inputs: { x: some(random, [2, 5]) },
    constants: [
      integersOf(
        'parts',
        pick(random, [
          [2, 3],
          [1, 4],
        ]),
      ),
    ],
    batched: ['x'],
  }),
  Slice: slice,
  Tile: (random: Random) => ({
    nodes: [node('Tile', ['x', 'repeats'], ['y'])],
    inputs: { x: some(random, [2, 3]) },
    constants: [
      integersOf(
        'repeats',
        pick(random, [
          [1, 2],
          [3, 1],
          [2, 2],
        ]),
      ),
    ],
    batched: ['x'],
  }),
  DepthToSpace: (random: Random) => ({
    nodes: [node('DepthToSpace', ['x'], ['y'], { attributes: { blocksize: 2n, mode: pick(random, ['DCR', 'CRD']) } })],
    inputs: { x: some(random, [2, 8, 2, 1]) },
    batched: ['x'],
  }),
  SpaceToDepth: (random: Random) => ({
    nodes: [node('SpaceToDepth', ['x'], ['y'], { attributes: { blocksize: 2n } })],
    inputs: { x: some(random, [2, 1, 4, 2]) },
    batched: ['x'],
  }),
  Trilu: (random: Random) => ({
    nodes: [node('Trilu', ['x'], ['y'], { attributes: { upper: BigInt(random.integer(2)) } })],
    inputs: { x: some(random, [2, 3, 3]) },
    batched: ['x'],
  }),
};
