import { reshapedLike } from '../arithmetic.ts';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRule, type GradientRules, ofOutput } from '../rule.ts';

/** The same elements in another shape: they go back into the shape of X. */
const reshaping: GradientRule = ofOutput((operation, dy, writer) => [reshapedLike(writer, dy, operation.input(0))]);

/** The inverse permutation; without one, the axes reversed. */
const transpose = ofOutput((operation, dy, writer) => {
  const perm = operation.ints('perm');
  if (perm === undefined) return [writer.emit('Transpose', [dy])];
  const inverse = perm.map((_, axis) => BigInt(perm.indexOf(axis)));
  return [writer.emit('Transpose', [dy], { perm: inverse })];
});

/** Y = X repeated: summed over what was repeated. */
const expand = ofOutput((operation, dy, writer) => {
  const [x, y] = [operation.input(0), operation.output()];
  const [to, from] = [writer.dims(x), writer.dims(y)];
  const extra = from.length - to.length;
  const axes = [
    ...Array.from({ length: extra }, (_, axis) => axis),
    ...to.flatMap((size, axis) => (size === 1 && from[axis + extra] !== 1 ? [axis + extra] : [])),
  ];
  if (axes.length === 0) return [dy];
  const summed = writer.emit('ReduceSum', [dy, writer.int64(axes)], { keepdims: 1n });
  return [extra === 0 ? summed : reshapedLike(writer, summed, x)];
});

/** Y = X₀ … Xₙ one behind the other: each takes its part. */
const concat = ofOutput((operation, dy, writer, wanted) => {
  const inputs = operation.node.inputs;
  const axis = writer.axis(operation.output(), operation.int('axis', 0));
  const sizes = inputs.map((input) => sizeAlong(writer, input, axis));
  const parts = writer.emitAll('Split', [dy, joined(writer, sizes)], inputs.length, { axis: BigInt(axis) });
  return parts.map((part, index) => (wanted(index) ? part : undefined));
});

/** The size along an axis: a number where it is known, else a name of a list of one integer. */
function sizeAlong(writer: GraphWriter, value: string, axis: number): number | string {
  const size = writer.dims(value)[axis];
  if (typeof size === 'number') return size;
  return writer.emit('Shape', [value], { start: BigInt(axis), end: BigInt(axis + 1) });
}

function joined(writer: GraphWriter, sizes: readonly (number | string)[]): string {
  const known = sizes.filter((size) => typeof size === 'number');
  if (known.length === sizes.length) return writer.int64(known);
  const lists = sizes.map((size) => (typeof size === 'number' ? writer.int64([size]) : size));
  return writer.emit('Concat', lists, { axis: 0n });
}

/** Y₀ … Yₙ = parts of X: put together again, zeros where nothing flows. */
const split: GradientRule = (operation, gradients, writer) => {
  const outputs = operation.node.outputs;
  const parts = outputs.map((output, index) => gradients[index] ?? zerosLike(writer, output));
  return [writer.emit('Concat', parts, { axis: BigInt(operation.int('axis', 0)) })];
};

/** Zeros in the shape and the type of a value of the model. */
export function zerosLike(writer: GraphWriter, value: string): string {
  return writer.emit('Expand', [writer.scalar(0, writer.facts(value).type), writer.shape(value)]);
}

/** Y = X[starts:ends:steps]: what is outside receives 0. */
const slice = ofOutput((operation, dy, writer) => [
  movedBack(writer, operation.input(0), dy, (grid) => writer.emit('Slice', [grid, ...operation.node.inputs.slice(1)])),
]);

/**
 * dX where Y shows elements of X, each any number of times: the positions of X, moved as X was, say where each dY is added.
 * @param move the operator, on a tensor of INT64 in the shape of X
 */
export function movedBack(writer: GraphWriter, x: string, dy: string, move: (grid: string) => string): string {
  const flat = writer.int64([-1]);
  const positions = writer.emit('Range', [writer.int64Scalar(0), writer.emit('Size', [x]), writer.int64Scalar(1)]);
  const moved = move(writer.emit('Reshape', [positions, writer.shape(x)], { allowzero: 1n }));
  return scattered(writer, x, writer.emit('Reshape', [moved, flat]), writer.emit('Reshape', [dy, flat]));
}

/** Zeros in the shape of X with `values` added at flat `positions`. */
export function scattered(writer: GraphWriter, x: string, positions: string, values: string): string {
  const size = writer.emit('Reshape', [writer.emit('Size', [x]), writer.int64([1])]);
  const zeros = writer.emit('Expand', [writer.scalar(0, writer.facts(x).type), size]);
  const sum = writer.emit('ScatterElements', [zeros, positions, values], { axis: 0n, reduction: 'add' });
  return reshapedLike(writer, sum, x);
}

/** Y = X with every axis repeated: [r₀, n₀, r₁, n₁, …] summed over the repeats. */
const tile = ofOutput((operation, dy, writer) => {
  const x = operation.input(0);
  const rank = writer.rank(x);
  const pairs = writer.emit('Concat', [column(writer, operation.input(1)), column(writer, writer.shape(x))], {
    axis: 1n,
  });
  const opened = writer.emit('Reshape', [dy, writer.emit('Reshape', [pairs, writer.int64([-1])])]);
  const axes = Array.from({ length: rank }, (_, axis) => 2 * axis);
  return [writer.emit('ReduceSum', [opened, writer.int64(axes)], { keepdims: 0n })];
});

function column(writer: GraphWriter, list: string): string {
  return writer.emit('Reshape', [list, writer.int64([-1, 1])]);
}

/** The two are inverse to each other; DepthToSpace in mode CRD has a Transpose of its own. */
function blocks(back: 'DepthToSpace' | 'SpaceToDepth'): GradientRule {
  return ofOutput((operation, dy, writer) => {
    const blocksize = BigInt(operation.int('blocksize', 1));
    if (operation.text('mode', 'DCR') === 'CRD') return [fromColumnsFirst(operation, dy, writer)];
    return [writer.emit(back, [dy], { blocksize })];
  });
}

/** [n, c, h·b, w·b] → [n, c, h, b, w, b] → [n, c, b, b, h, w] → [n, c·b·b, h, w]. */
function fromColumnsFirst(operation: Operation, dy: string, writer: GraphWriter): string {
  const x = operation.input(0);
  const [, channels, height, width] = writer.dims(x);
  const block = operation.int('blocksize', 1);
  if (typeof channels !== 'number' || typeof height !== 'number' || typeof width !== 'number') {
    return operation.refuse('its size varies');
  }
  const shape = writer.int64([-1, channels / block ** 2, height, block, width, block]);
  const opened = writer.emit('Reshape', [dy, shape]);
  const turned = writer.emit('Transpose', [opened], { perm: [0n, 1n, 3n, 5n, 2n, 4n] });
  return reshapedLike(writer, turned, x);
}

/** Y = X within the triangle, 0 outside: so is its gradient. */
const trilu = ofOutput((operation, dy, writer) => [
  writer.emit('Trilu', [dy, ...operation.node.inputs.slice(1)], { upper: BigInt(operation.int('upper', 1)) }),
]);

export const shapeRules: GradientRules = {
  Reshape: reshaping,
  Flatten: reshaping,
  Squeeze: reshaping,
  Unsqueeze: reshaping,
  Transpose: transpose,
  Expand: expand,
  Concat: concat,
  Split: split,
  Slice: slice,
  Tile: tile,
  DepthToSpace: blocks('SpaceToDepth'),
  SpaceToDepth: blocks('DepthToSpace'),
  Trilu: trilu,
};
