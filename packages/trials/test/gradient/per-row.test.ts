import { openSession, type TensorData } from '@holdfast/inference';
import {
  graphOf,
  type Model,
  modelOf,
  type Node,
  node,
  type Tensor,
  tensor,
  tensorValue,
  writeModel,
} from '@holdfast/onnx';
import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/gradient/facts.ts';
import { type GradientOptions, gradientModel, gradientPort, ports } from '../../src/gradient/gradient-model.ts';
import { probeFacts } from '../../src/gradient/probe-facts.ts';

const random = randomOf('per-row');
const numbers = (count: number) => Float32Array.from({ length: count }, () => random.normal());
const size = (dims: readonly number[]) => dims.reduce((product, each) => product * each, 1);
const weight = (name: string, ...dims: number[]): Tensor => tensor(name, dims, numbers(size(dims)));

interface Network {
  readonly nodes: readonly Node[];
  readonly weights: readonly Tensor[];
  readonly row: readonly number[];
}

function modelWith({ nodes, weights, row }: Network): Model {
  const inputs = [tensorValue('x', 'FLOAT', ['N', ...row])];
  const graph = graphOf({ name: 'rows', nodes, inputs, outputs: [{ name: 'y' }], initializers: weights });
  return modelOf({ graph, opsets: { '': 18 } });
}

const batch = (row: readonly number[], data: Float32Array): TensorData => ({
  type: 'FLOAT',
  dims: [data.length / size(row), ...row],
  data,
});

async function factsOf(network: Network): Promise<Facts> {
  const feeds = [2, 3].map((rows) => ({ x: batch(network.row, new Float32Array(rows * size(network.row))) }));
  return probeFacts(modelWith(network), feeds);
}

async function gradients(network: Network, options: Partial<GradientOptions>, x: Float32Array, seed: Float32Array) {
  const facts = await factsOf(network);
  const y = facts.get('y')!.dims.slice(1).map(Number);
  const full = { facts, output: 'y', loss: 'seed', withRespectTo: [], ...options } as const;
  const session = await openSession(writeModel(gradientModel(modelWith(network), full)), { threads: 1 });
  const found = await session.run({ x: batch(network.row, x), [ports.seed]: batch(y, seed) });
  await session.release();
  return found;
}

const rows = 3;

/** Each row's gradient is the ordinary one of a batch of that row alone. */
async function agree(network: Network, names: readonly string[]): Promise<void> {
  const facts = await factsOf(network);
  const answers = size(facts.get('y')!.dims.slice(1).map(Number));
  const per = size(network.row);
  const [x, seed] = [numbers(rows * per), numbers(rows * answers)];
  const found = await gradients(network, { perRow: names }, x, seed);
  for (let row = 0; row < rows; row += 1) {
    const alone = await gradients(
      network,
      { withRespectTo: names },
      x.slice(row * per, (row + 1) * per),
      seed.slice(row * answers, (row + 1) * answers),
    );
    for (const name of names) {
      const [own, all] = [alone[gradientPort(name)]!, found[gradientPort(name)]!];
      expect(all.dims).toEqual([rows, ...own.dims]);
      const wanted = own.data as Float32Array;
      const part = (all.data as Float32Array).slice(row * wanted.length, (row + 1) * wanted.length);
      expect(wanted.some((value) => value !== 0)).toBe(true);
      for (const [index, value] of wanted.entries()) expect(part[index]).toBeCloseTo(value, 4);
    }
  }
}

const ints = (...values: number[]) => values.map(BigInt);
const networks: readonly (readonly [string, readonly string[], Network])[] = [
  [
    'Gemm with its matrix turned, a factor and a bias with one',
    ['w', 'b'],
    {
      nodes: [node('Gemm', ['x', 'w', 'b'], ['y'], { attributes: { transB: 1n, alpha: 0.5, beta: 2 } })],
      weights: [weight('w', 3, 4), weight('b', 3)],
      row: [4],
    },
  ],
  [
    'Gemm, its bias one number',
    ['w', 'b'],
    { nodes: [node('Gemm', ['x', 'w', 'b'], ['y'])], weights: [weight('w', 4, 3), weight('b', 1)], row: [4] },
  ],
  [
    'MatMul over a sequence, then a bias and a factor',
    ['w', 'b', 's'],
    {
      nodes: [
        node('MatMul', ['x', 'w'], ['m']),
        node('Add', ['b', 'm'], ['a']),
        node('Tanh', ['a'], ['t']),
        node('Mul', ['t', 's'], ['y']),
      ],
      weights: [weight('w', 4, 3), weight('b', 3), weight('s', 5, 1)],
      row: [5, 4],
    },
  ],
  [
    'a weight that is used twice',
    ['w'],
    {
      nodes: [node('MatMul', ['x', 'w'], ['m']), node('Tanh', ['m'], ['t']), node('MatMul', ['t', 'w'], ['y'])],
      weights: [weight('w', 4, 4)],
      row: [4],
    },
  ],
  [
    'Conv with strides, dilations, uneven pads and groups',
    ['w', 'b'],
    {
      nodes: [
        node('Conv', ['x', 'w', 'b'], ['y'], {
          attributes: {
            group: 2n,
            strides: ints(2, 1),
            dilations: ints(1, 2),
            pads: ints(1, 0, 0, 2),
            kernel_shape: ints(3, 2),
          },
        }),
      ],
      weights: [weight('w', 6, 2, 3, 2), weight('b', 6)],
      row: [4, 6, 5],
    },
  ],
  [
    'Conv of a signal, then Conv of its own size, then Gemm',
    ['k', 'w', 'c', 'v'],
    {
      nodes: [
        node('Conv', ['x', 'k'], ['h'], { attributes: { auto_pad: 'SAME_UPPER' } }),
        node('Relu', ['h'], ['r']),
        node('Conv', ['r', 'w', 'c'], ['g'], { attributes: { kernel_shape: ints(2) } }),
        node('Flatten', ['g'], ['f']),
        node('MatMul', ['f', 'v'], ['y']),
      ],
      weights: [weight('k', 3, 2, 3), weight('w', 2, 3, 2), weight('c', 2), weight('v', 10, 2)],
      row: [2, 6],
    },
  ],
];

describe('gradients of weights for each row are those of the row alone', () => {
  it.each(networks)('%s', async (_, names, network) => {
    await agree(network, names);
  });

  it('beside gradients of the batch, of a loss by labels; zeros where nothing depends on a weight', async () => {
    const network: Network = {
      nodes: [node('Gemm', ['x', 'w', 'b'], ['y']), node('Neg', ['v'], ['unused'])],
      weights: [weight('w', 4, 3), weight('b', 3), weight('v', 2)],
      row: [4],
    };
    const facts = await factsOf(network);
    const options = {
      facts,
      output: 'y',
      loss: 'cross-entropy',
      withRespectTo: ['x', 'b'],
      perRow: ['w', 'v'],
    } as const;
    const session = await openSession(writeModel(gradientModel(modelWith(network), options)), { threads: 1 });
    const labels: TensorData = { type: 'INT64', dims: [2], data: BigInt64Array.of(0n, 2n) };
    const found = await session.run({ x: batch([4], numbers(8)), [ports.labels]: labels });
    await session.release();
    expect(found[gradientPort('w')]?.dims).toEqual([2, 4, 3]);
    expect(found[gradientPort('b')]?.dims).toEqual([3]);
    expect(found[gradientPort('v')]).toMatchObject({ dims: [2, 2], data: new Float32Array(4) });
  });

  it.each([
    ['PRelu', { nodes: [node('PRelu', ['x', 's'], ['y'])], weights: [weight('s', 4)], row: [4] }],
    [
      'Transpose',
      {
        nodes: [node('Transpose', ['s'], ['t']), node('MatMul', ['x', 't'], ['y'])],
        weights: [weight('s', 3, 4)],
        row: [4],
      },
    ],
    [
      'Gemm',
      {
        nodes: [node('Gemm', ['x', 's'], ['y'], { attributes: { transA: 1n } })],
        weights: [weight('s', 2, 3)],
        row: [4],
      },
    ],
  ] as const)('a weight of %s is refused by name', (operator, network) => {
    const facts: Facts = new Map([
      ['x', { type: 'FLOAT', dims: [null, ...network.row] }],
      ['s', { type: 'FLOAT', dims: network.weights[0].dims }],
      ['t', { type: 'FLOAT', dims: [4, 3] }],
      ['y', { type: 'FLOAT', dims: [null, 3] }],
    ]);
    const options = { facts, output: 'y', loss: 'seed', withRespectTo: [], perRow: ['s'] } as const;
    expect(() => gradientModel(modelWith(network), options)).toThrow(`no gradient through \`${operator}\``);
  });
});
