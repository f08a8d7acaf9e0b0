import { node } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { type Draw, type Draws, from, pick, some } from './draw.ts';

const shapes: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3]],
  [
    [2, 3],
    [1, 3],
  ],
  [
    [2, 1],
    [2, 4],
  ],
  [[3], [2, 3]],
  [
    [2, 3, 1],
    [3, 4],
  ],
  [[], [2]],
  [[2, 2], []],
  [[1], [3]],
];

function binary(opType: string, low = -2, high = 2): Draw {
  return (random) => {
    const [a, b] = pick(random, shapes);
    return {
      nodes: [node(opType, ['a', 'b'], ['y'])],
      inputs: { a: some(random, a, low, high), b: some(random, b, low, high) },
    };
  };
}

function variadic(opType: string): Draw {
  return (random) => {
    const names = ['a', 'b', 'c', 'd'].slice(0, from(random, 1, 4));
    const dims = [[2, 3], [3], [1, 1], [2, 1]] as const;
    const inputs = Object.fromEntries(names.map((name, index) => [name, some(random, dims[index] ?? [3])]));
    return { nodes: [node(opType, names, ['y'])], inputs };
  };
}

export const arithmeticCases: Draws = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: binary('Mul'),
  Div: binary('Div', 0.5, 2),
  Pow: binary('Pow', 0.5, 2),
  Max: variadic('Max'),
  Min: variadic('Min'),
  Sum: variadic('Sum'),
  Mean: variadic('Mean'),
  PRelu: (random: Random) => ({
    nodes: [node('PRelu', ['x', 's'], ['y'])],
    inputs: { x: some(random, [2, 3, 2]), s: some(random, pick(random, [[3, 1], [1], [3, 2]])) },
  }),
  Clip: (random: Random) => ({
    nodes: [node('Clip', ['x', 'low', 'high'], ['y'])],
    inputs: { x: some(random, [2, 4]), low: some(random, [], -1, -0.5), high: some(random, [], 0.5, 1) },
  }),
  Where: (random: Random) => ({
    nodes: [node('Greater', ['a', 'b'], ['c']), node('Where', ['c', 'a', 'b'], ['y'])],
    inputs: { a: some(random, [2, 3]), b: some(random, pick(random, [[2, 3], [3], [2, 1]])) },
  }),
};
