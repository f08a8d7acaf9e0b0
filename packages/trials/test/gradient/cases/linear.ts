import { node } from '@holdfast/onnx';
import { big, type Draw, type Draws, from, pick, some } from './draw.ts';

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

export const linearCases: Draws = {
  Det: (random) => ({
    nodes: [node('Det', ['x'], ['y'])],
    inputs: {
      x: some(
        random,
        pick(random, [
          [2, 1, 1],
          [3, 3],
          [2, 2, 2],
          [2, 1, 3, 3],
          [4, 4],
        ]),
      ),
    },
  }),
  Gemm: gemm,
  MatMul: matMul,
  Conv: convolution('Conv'),
  ConvTranspose: convolution('ConvTranspose'),
};
