import { node, tensor } from '@holdfast/onnx';
import { integersOf } from '../gradient-case.ts';
import { big, type Draw, type Draws, from, pick, some } from './draw.ts';

/** Pads of every mode on both sides, negative ones that cut, all axes or some, a constant that is given or not. */
const pad: Draw = (random) => {
  const mode = pick(random, ['constant', 'constant', 'reflect', 'edge', 'wrap']);
  const axes = pick(random, [undefined, [1, 2], [-1], [2, 1]]);
  const width = axes?.length ?? 3;
  const least = mode === 'constant' ? -1 : 0;
  const one = (at: number): number => (axes === undefined && at % 3 === 0 ? 0 : from(random, least, 2));
  const pads = Array.from({ length: 2 * width }, (_, at) => one(at));
  const hasConstant = mode === 'constant' && random.integer(2) === 0;
  const last = axes === undefined ? [] : ['axes'];
  const value = hasConstant ? ['c'] : last.length > 0 ? [''] : [];
  return {
    nodes: [node('Pad', ['x', 'pads', ...value, ...last], ['y'], { attributes: { mode } })],
    inputs: { x: some(random, [2, 3, 4]), ...(hasConstant ? { c: some(random, pick(random, [[], [1]])) } : {}) },
    constants: [integersOf('pads', pads), ...(axes === undefined ? [] : [integersOf('axes', axes)])],
    batched: ['x'],
    opset: mode === 'wrap' ? 19 : 18,
  };
};

const centerCropPad: Draw = (random) => {
  const axes = pick(random, [[2, 3], [-1], [3, 1]]);
  const shape = axes.map(() => from(random, 1, 7));
  return {
    nodes: [node('CenterCropPad', ['x', 'shape'], ['y'], { attributes: { axes: big(axes) } })],
    inputs: { x: some(random, [2, 3, 4, 5]) },
    constants: [integersOf('shape', shape)],
    batched: ['x'],
  };
};

/** Blocks that overlap, leave gaps, or reach into the pads. */
const col2Im: Draw = (random) => {
  const rank = pick(random, [1, 2, 2]);
  const per = (least: number, most: number) => Array.from({ length: rank }, () => from(random, least, most));
  const [image, block, strides, dilations, pads] = [per(4, 6), per(1, 2), per(1, 3), per(1, 2), per(0, 1)];
  const places = image.map((size, axis) => {
    const reach = ((block[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    return Math.floor((size + 2 * (pads[axis] ?? 0) - reach) / (strides[axis] ?? 1)) + 1;
  });
  const [elements, blocks] = [block, places].map((sizes) => sizes.reduce((a, b) => a * b, 1)) as [number, number];
  return {
    nodes: [
      node('Col2Im', ['x', 'image', 'block'], ['y'], {
        attributes: { strides: big(strides), dilations: big(dilations), pads: big([...pads, ...pads]) },
      }),
    ],
    inputs: { x: some(random, [2, 2 * elements, blocks]) },
    constants: [integersOf('image', image), integersOf('block', block)],
    batched: ['x'],
  };
};

const topK: Draw = (random) => {
  const axis = pick(random, [-1, 1, 2]);
  return {
    nodes: [
      node('TopK', ['x', 'k'], ['values', 'indices'], {
        attributes: { axis: BigInt(axis), largest: BigInt(random.integer(2)) },
      }),
      node('Mul', ['values', 'values'], ['y']),
    ],
    inputs: { x: some(random, [2, 3, 4]) },
    constants: [integersOf('k', [from(random, 1, 3)])],
    batched: ['x'],
  };
};

const compress: Draw = (random) => {
  const axis = pick(random, [undefined, 1, -1]);
  const condition = Uint8Array.from({ length: axis === undefined ? 10 : 3 }, (_, at) =>
    at === 1 ? 1 : random.integer(2),
  );
  return {
    nodes: [node('Compress', ['x', 'c'], ['y'], { attributes: axis === undefined ? {} : { axis: BigInt(axis) } })],
    inputs: { x: some(random, axis === 1 ? [2, 3, 2] : [2, 2, 3]) },
    constants: [{ ...tensor('c', [condition.length], condition), dataType: 'BOOL' }],
    ...(axis === undefined ? {} : { batched: ['x'] }),
  };
};

const maxUnpool: Draw = (random) => ({
  nodes: [node('MaxUnpool', ['x', 'i'], ['y'], { attributes: { kernel_shape: [2n, 2n], strides: [2n, 2n] } })],
  inputs: { x: some(random, [1, 1, 2, 2]) },
  constants: [
    integersOf(
      'i',
      pick(random, [
        [0, 3, 13, 10],
        [5, 2, 8, 15],
      ]),
      [1, 1, 2, 2],
    ),
  ],
});

export const movingCases: Draws = {
  Pad: pad,
  CenterCropPad: centerCropPad,
  Col2Im: col2Im,
  TopK: topK,
  Compress: compress,
  MaxUnpool: maxUnpool,
  CumSum: (random) => ({
    nodes: [
      node('CumSum', ['x', 'axis'], ['y'], {
        attributes: { exclusive: BigInt(random.integer(2)), reverse: BigInt(random.integer(2)) },
      }),
    ],
    inputs: { x: some(random, [2, 3, 2]) },
    constants: [integersOf('axis', [pick(random, [1, 2, -1])], [])],
    batched: ['x'],
  }),
  /** Real to real passes; through integers nothing flows, so that only the other factor counts. */
  Cast: (random) => ({
    nodes: [
      node('Cast', ['x'], ['single'], { attributes: { to: 1n } }),
      node('Cast', ['single'], ['double'], { attributes: { to: 11n } }),
      node('Cast', ['x'], ['whole'], { attributes: { to: pick(random, [6n, 7n]) } }),
      node('Cast', ['whole'], ['back'], { attributes: { to: 11n } }),
      node('Mul', ['double', 'back'], ['product']),
      node('CastLike', ['product', 'x'], ['y']),
    ],
    inputs: { x: some(random, [2, 3], 1, 4) },
    batched: ['x'],
  }),
  CastLike: (random) => ({
    nodes: [
      node('CastLike', ['x', 'single'], ['s']),
      node('CastLike', ['s', 'x'], ['d']),
      node('CastLike', ['x', 'integer'], ['whole']),
      node('CastLike', ['whole', 'd'], ['back']),
      node('Mul', ['d', 'back'], ['y']),
    ],
    inputs: { x: some(random, [2, 3], 1, 4) },
    constants: [tensor('single', [1], Float32Array.of(0)), integersOf('integer', [0])],
    batched: ['x'],
  }),
  AffineGrid: (random) => {
    const plane = pick(random, [
      [3, 2],
      [2, 4],
      [2, 3, 2],
    ]);
    const rank = plane.length;
    return {
      nodes: [
        node('AffineGrid', ['theta', 'size'], ['y'], { attributes: { align_corners: BigInt(random.integer(2)) } }),
      ],
      inputs: { theta: some(random, [2, rank, rank + 1]) },
      constants: [integersOf('size', [2, 1, ...plane])],
      opset: 20,
    };
  },
  RotaryEmbedding: rotaryEmbedding,
};

function rotaryEmbedding(random: Parameters<Draw>[0]): ReturnType<Draw> {
  const [heads, length, isFlat] = [from(random, 1, 2), 3, random.integer(2) === 0];
  const hasPositions = random.integer(2) === 0;
  const rotated = pick(random, [0, 4]);
  const half = rotated === 0 ? 3 : 2;
  const table = hasPositions ? [5, half] : [2, length, half];
  return {
    nodes: [
      node('RotaryEmbedding', ['x', 'cos', 'sin', ...(hasPositions ? ['positions'] : [])], ['y'], {
        attributes: {
          interleaved: BigInt(random.integer(2)),
          rotary_embedding_dim: BigInt(rotated),
          ...(isFlat ? { num_heads: BigInt(heads) } : {}),
        },
      }),
    ],
    inputs: {
      x: some(random, isFlat ? [2, length, heads * 6] : [2, heads, length, 6]),
      ...{ cos: some(random, table, -1, 1), sin: some(random, table, -1, 1) },
    },
    constants: hasPositions ? [integersOf('positions', [0, 4, 2, 1, 1, 3], [2, length])] : [],
    opset: 23,
  };
}
