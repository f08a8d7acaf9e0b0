import { node, tensor } from '@holdfast/onnx';
import type { Random } from '@holdfast/statistics';
import { type GradientCase, integersOf, reals } from './gradient-case.ts';

/*
 * Random configurations, by operator. Inputs are drawn where the operator is smooth: at kinks a difference quotient says
 * nothing, and what PyTorch does there has tests of its own.
 */

type Draw = (random: Random) => GradientCase;

/** Twenty thousand places a unit: never at a whole number, a half or a quarter, where functions have their kinks. */
const places = 20_000;
const taken = new WeakMap<Random, Set<number>>();

/** Numbers of one case, all different by more than a difference quotient reaches: nothing ties. */
const some = (random: Random, dims: readonly number[], low = -2, high = 2) => {
  const used = taken.get(random) ?? new Set();
  taken.set(random, used);
  const data = Array.from({ length: dims.reduce((product, each) => product * each, 1) }, () => {
    let place = Math.floor((low + (high - low) * random.uniform()) * places);
    while (used.has(place)) place += 1;
    used.add(place);
    return (place + 0.5) / places;
  });
  return reals(dims, data);
};
const from = (random: Random, least: number, most: number): number => least + random.integer(most - least + 1);
const pick = <T>(random: Random, list: readonly T[]): T => list[random.integer(list.length)] as T;
const big = (values: readonly number[]) => values.map(BigInt);

function unary(
  opType: string,
  low = -2,
  high = 2,
  attributes: (random: Random) => Record<string, number | string> = () => ({}),
): Draw {
  return (random) => ({
    nodes: [node(opType, ['x'], ['y'], { attributes: attributes(random) })],
    inputs: { x: some(random, [2, from(random, 1, 5)], low, high) },
    batched: ['x'],
    opset: ['Gelu'].includes(opType) ? 20 : opType === 'Swish' ? 24 : 18,
  });
}

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

function reduction(opType: string, low = -2, high = 2): Draw {
  return (random) => {
    const axes = pick(random, [[0], [1], [-1], [0, 2], [1, 2], [0, 1, 2], undefined]);
    const keepdims = BigInt(random.integer(2));
    return {
      nodes: [node(opType, axes === undefined ? ['x'] : ['x', 'axes'], ['y'], { attributes: { keepdims } })],
      inputs: { x: some(random, [2, 3, 2], low, high) },
      ...(axes === undefined ? {} : { constants: [integersOf('axes', axes)] }),
      batched: ['x'],
    };
  };
}

const gemm: Draw = (random) => {
  const [m, k, n] = [from(random, 1, 3), from(random, 1, 3), from(random, 1, 3)];
  const [transA, transB] = [random.integer(2), random.integer(2)];
  const c = pick(random, [undefined, [n], [1, n], [m, n], [m, 1], []]);
  return {
    nodes: [
      node('Gemm', c === undefined ? ['a', 'b'] : ['a', 'b', 'c'], ['y'], {
        attributes: {
          transA: BigInt(transA),
          transB: BigInt(transB),
          alpha: pick(random, [1, 0.5]),
          beta: pick(random, [1, 2]),
        },
      }),
    ],
    inputs: {
      a: some(random, transA ? [k, m] : [m, k]),
      b: some(random, transB ? [n, k] : [k, n]),
      ...(c === undefined ? {} : { c: some(random, c) }),
    },
  };
};

const matMul: Draw = (random) => {
  const [a, b] = pick(random, [
    [
      [2, 3],
      [3, 2],
    ],
    [[3], [3, 2]],
    [[2, 3], [3]],
    [[3], [3]],
    [
      [2, 2, 3],
      [3, 2],
    ],
    [
      [2, 2, 3],
      [2, 3, 2],
    ],
    [
      [1, 2, 3],
      [2, 3, 1],
    ],
    [
      [2, 3],
      [2, 3, 2],
    ],
    [
      [2, 1, 2, 3],
      [2, 3, 2],
    ],
    [[2, 2, 3], [3]],
  ] as const);
  return { nodes: [node('MatMul', ['a', 'b'], ['y'])], inputs: { a: some(random, a), b: some(random, b) } };
};

function convolution(opType: 'Conv' | 'ConvTranspose'): Draw {
  return (random) => {
    const rank = pick(random, [1, 2, 2, 2, 3]);
    const group = pick(random, [1, 1, 2]);
    const [inputs, outputs] = [group * from(random, 1, 2), group * from(random, 1, 2)];
    const per = (least: number, most: number) => Array.from({ length: rank }, () => from(random, least, most));
    const [kernel, strides, dilations] = [per(1, 3), per(1, 2), per(1, 2)];
    const pad = () => kernel.map((each) => Math.min(each - 1, random.integer(2)));
    const pads = [...pad(), ...pad()];
    const size = kernel.map(
      (each, axis) => (each - 1) * (dilations[axis] ?? 1) + 1 + from(random, rank === 3 ? 0 : 1, rank === 3 ? 1 : 3),
    );
    const weights = opType === 'Conv' ? [outputs, inputs / group, ...kernel] : [inputs, outputs / group, ...kernel];
    const auto =
      opType === 'Conv' && dilations.every((each) => each === 1)
        ? pick(random, ['NOTSET', 'NOTSET', 'SAME_UPPER', 'SAME_LOWER', 'VALID'])
        : 'NOTSET';
    return {
      nodes: [
        node(opType, ['x', 'w', 'b'], ['y'], {
          attributes: {
            group: BigInt(group),
            strides: big(strides),
            dilations: big(dilations),
            kernel_shape: big(kernel),
            ...(auto === 'NOTSET' ? { pads: big(pads) } : { auto_pad: auto }),
          },
        }),
      ],
      inputs: { x: some(random, [2, inputs, ...size]), w: some(random, weights), b: some(random, [outputs]) },
      batched: ['x'],
    };
  };
}

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

/** Configurations by operator. */
export const cases: Readonly<Record<string, Draw>> = {
  ...Object.fromEntries(
    [
      'Exp',
      'Sin',
      'Cos',
      'Sinh',
      'Cosh',
      'Tanh',
      'Atan',
      'Asinh',
      'Erf',
      'Sigmoid',
      'Softplus',
      'Softsign',
      'Neg',
      'Identity',
      'Mish',
      'Relu',
      'Abs',
      'HardSwish',
      'Floor',
      'Ceil',
      'Round',
      'Sign',
    ].map((name) => [name, unary(name)]),
  ),
  Log: unary('Log', 0.2, 3),
  Sqrt: unary('Sqrt', 0.2, 3),
  Reciprocal: unary('Reciprocal', 0.3, 2),
  Tan: unary('Tan', -1.2, 1.2),
  Asin: unary('Asin', -0.9, 0.9),
  Acos: unary('Acos', -0.9, 0.9),
  Acosh: unary('Acosh', 1.2, 3),
  Atanh: unary('Atanh', -0.9, 0.9),
  Elu: unary('Elu', -2, 2, () => ({ alpha: 1.5 })),
  Selu: unary('Selu'),
  Celu: unary('Celu', -2, 2, () => ({ alpha: 0.5 })),
  LeakyRelu: unary('LeakyRelu', -2, 2, () => ({ alpha: 0.125 })),
  ThresholdedRelu: unary('ThresholdedRelu', -2, 2, () => ({ alpha: 0.5 })),
  HardSigmoid: unary('HardSigmoid', -4, 4, () => ({ alpha: 0.25, beta: 0.5 })),
  Shrink: unary('Shrink', -2, 2, () => ({ lambd: 0.75 })),
  Gelu: unary('Gelu', -2, 2, (random) => ({ approximate: pick(random, ['none', 'tanh']) })),
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
  ...Object.fromEntries(
    [
      'ReduceSum',
      'ReduceMean',
      'ReduceMax',
      'ReduceMin',
      'ReduceL1',
      'ReduceL2',
      'ReduceSumSquare',
      'ReduceLogSumExp',
      'ReduceProd',
    ].map((name) => [name, reduction(name)]),
  ),
  ReduceLogSum: reduction('ReduceLogSum', 0.3, 2),
  Gemm: gemm,
  MatMul: matMul,
  Conv: convolution('Conv'),
  ConvTranspose: convolution('ConvTranspose'),
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
  Softmax: (random: Random) => ({
    nodes: [node('Softmax', ['x'], ['y'], { attributes: { axis: pick(random, [-1n, 0n, 1n]) } })],
    inputs: { x: some(random, [2, 3, 2]) },
  }),
  LogSoftmax: (random: Random) => ({
    nodes: [node('LogSoftmax', ['x'], ['y'], { attributes: { axis: pick(random, [-1n, 0n, 1n]) } })],
    inputs: { x: some(random, [2, 3, 2]) },
  }),
  BatchNormalization: (random: Random) => ({
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
  }),
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
