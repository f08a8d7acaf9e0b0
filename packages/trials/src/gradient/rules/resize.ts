import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import { type GradientRules, ofOutput } from '../rule.ts';

/**
 * Resizing is linear, and goes along one axis after the other: Y = X·W₀·W₁…, so dX = dY·W₀ᵀ·W₁ᵀ…. Wₐ [n, m] is what the
 * operator itself makes of the n unit vectors, whatever its mode, its coordinates and how it rounds them. Where all of
 * it is constant the runtime works it out once, when it loads the graph.
 */
const resize = ofOutput((operation, dy, writer) => {
  requireCovered(operation);
  const [from, to] = [writer.dims(operation.input(0)), writer.dims(operation.output())];
  const axes = (operation.ints('axes') ?? from.map((_, axis) => axis)).map((axis) =>
    axis < 0 ? axis + from.length : axis,
  );
  const resized = axes.reduce((gradient, axis, index) => {
    const [n, m] = [from[axis] ?? null, to[axis] ?? null];
    if (isKept(operation, writer, { index, n, m })) return gradient;
    if (n === null || m === null) return operation.refuse('it resizes the batch');
    return along(writer, gradient, axis, from.length, unitVectors(operation, writer, { index, n, m }));
  }, dy);
  return [resized];
});

function requireCovered(operation: Operation): void {
  if (operation.text('keep_aspect_ratio_policy', 'stretch') !== 'stretch')
    operation.refuse('it keeps the aspect ratio');
  if (operation.text('coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize')
    operation.refuse('it crops');
  const isOdd = operation.text('coordinate_transformation_mode', 'half_pixel') === 'tf_half_pixel_for_nn';
  if (isOdd && operation.text('nearest_mode', 'round_prefer_floor').includes('ceil'))
    operation.refuse('its coordinates are tf_half_pixel_for_nn, rounded up');
}

/** Whether an axis stays as it is. A batch whose scale is not known is taken to. */
function isKept(operation: Operation, writer: GraphWriter, { index, n, m }: Omit<Along, 'n' | 'm'> & Sizes): boolean {
  if (n !== m || operation.has(3)) return n === m;
  const scale = writer.numbers(operation.input(2))?.[index];
  return scale === undefined ? n === null : scale === 1;
}

/** Along an axis, of X and of Y. */
interface Sizes {
  readonly n: number | null;
  readonly m: number | null;
}

interface Along {
  /** Which of the resized axes. */
  readonly index: number;
  readonly n: number;
  readonly m: number;
}

/**
 * W [n, m]: the unit vectors, each an image of one line that is made two, resized along their own axis. What is the size that
 * it was, the runtime does not resize, whatever its scale: so the line is doubled where another axis of X changes.
 */
function unitVectors(operation: Operation, writer: GraphWriter, { index, n, m }: Along): string {
  const { type } = writer.facts(operation.input(0));
  const square = writer.emit('Expand', [writer.scalar(0, type), writer.int64([n, n])]);
  const rows = writer.emit('Reshape', [writer.emit('EyeLike', [square]), writer.int64([n, 1, 1, n])]);
  const attributes = new Map(operation.node.attributes);
  attributes.delete('axes');
  const scale = (): string =>
    writer.emit('Slice', [operation.input(2), writer.int64([index]), writer.int64([index + 1])]);
  const lines = isChanged(operation, writer) ? 2 : 1;
  const inputs = operation.has(3)
    ? [rows, '', '', writer.int64([n, 1, lines, m])]
    : [rows, '', writer.emit('Concat', [writer.reals([1, 1, lines], [3], 'FLOAT'), scale()], { axis: 0n })];
  const [resized = ''] = writer.copy({ ...operation.node, inputs, attributes }, 1);
  const first = writer.emit('Gather', [resized, writer.int64Scalar(0)], { axis: 2n });
  return writer.emit('Reshape', [first, writer.int64([n, m])]);
}

function isChanged(operation: Operation, writer: GraphWriter): boolean {
  const to = writer.dims(operation.output());
  return writer.dims(operation.input(0)).some((size, axis) => size !== to[axis]);
}

/** Σⱼ W[i, j]·dY[…, j, …] */
function along(writer: GraphWriter, dy: string, axis: number, rank: number, matrix: string): string {
  if (axis === rank - 2) return writer.emit('MatMul', [matrix, dy]);
  const turned = writer.emit('Transpose', [matrix], { perm: [1n, 0n] });
  if (axis === rank - 1) return writer.emit('MatMul', [dy, turned]);
  const order = Array.from({ length: rank }, (_, each) => BigInt(each));
  order[axis] = BigInt(rank - 1);
  order[rank - 1] = BigInt(axis);
  const last = writer.emit('MatMul', [writer.emit('Transpose', [dy], { perm: order }), turned]);
  return writer.emit('Transpose', [last], { perm: order });
}

export const resizeRules: GradientRules = { Resize: resize };
