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

/** Remainders of both signs, of the dividend (fmod) or of the divisor; a divisor far from 0. */
const mod =
  (fmod: bigint, opset: number): Draw =>
  (random) => {
    const [a, b] = pick(random, shapes);
    const [low, high] = pick(random, [
      [0.5, 1.5],
      [-1.5, -0.5],
    ] as const);
    const drawn = () => ({ a: some(random, a, -4, 4), b: some(random, b, low, high) });
    let inputs = drawn();
    while (!isBetweenJumps(inputs.a.data, inputs.b.data)) inputs = drawn();
    return { nodes: [node('Mod', ['a', 'b'], ['y'], { attributes: { fmod } })], inputs, opset };
  };

function isBetweenJumps(a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>): boolean {
  const quotients = Array.from(a, Number).flatMap((left) => Array.from(b, (right) => left / Number(right)));
  return quotients.every((quotient) => Math.abs(quotient - Math.round(quotient)) > 1e-3);
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
  Mod: mod(1n, 18),
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

/** Of real numbers, Mod without fmod is of operator set 28, which the runtime does not take yet. */
export const floorModCases: Draws = { 'Mod without fmod': mod(0n, 28) };
