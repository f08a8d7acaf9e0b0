import type { DataType } from '@holdfast/onnx';
import type { GraphWriter } from '../graph-writer.ts';
import type { Operation } from '../operation.ts';
import type { Lowering, Lowerings } from './lowering.ts';

/** Where a region lies along one axis: [R] each. */
interface Extent {
  readonly start: string;
  readonly length: string;
  readonly bins: number;
  /** Elements of the image along the axis. */
  readonly size: number;
}

/**
 * Y[r] = A·X[image of r]·Bᵀ (ONNX RoiAlign, `avg`): the mean of bilinear samples is linear in X along each axis, and A [R, bins, H]
 * and B [R, bins, W] hold the mean weight of each element in each bin.
 */
const roiAlign: Lowering = (operation, writer) => {
  if (operation.text('mode', 'avg') !== 'avg') return operation.refuse('it takes the largest sample of each bin');
  const [x, rois, images] = [operation.input(0), operation.input(1), operation.input(2)];
  const [height, width] = [2, 3].map((axis) => writer.dims(x)[axis] ?? operation.refuse('its image size varies'));
  const rows = extentOf(operation, writer, { first: 1, bins: operation.int('output_height', 1), size: height ?? 1 });
  const columns = extentOf(operation, writer, { first: 0, bins: operation.int('output_width', 1), size: width ?? 1 });
  const [a, b] = [rows, columns].map((extent) => weightsOf(operation, writer, extent, rois)) as [string, string];
  const regions = writer.emit('Gather', [x, images], { axis: 0n });
  const sampled = writer.emit('MatMul', [writer.emit('Unsqueeze', [a, writer.int64([1])]), regions]);
  const turned = writer.emit('Transpose', [b], { perm: [0n, 2n, 1n] });
  return [writer.emit('MatMul', [sampled, writer.emit('Unsqueeze', [turned, writer.int64([1])])])];
};

/** Regions are (x₁, y₁, x₂, y₂). Unless by half pixels, one is at least one element wide. */
function extentOf(
  operation: Operation,
  writer: GraphWriter,
  { first, bins, size }: { first: number; bins: number; size: number },
): Extent {
  const isHalf = operation.text('coordinate_transformation_mode', 'half_pixel') === 'half_pixel';
  const { type } = writer.facts(operation.input(1));
  const corner = (at: number): string => {
    const given = writer.emit('Gather', [operation.input(1), writer.int64Scalar(at)], { axis: 1n });
    const scaled = writer.emit('Mul', [given, writer.scalar(operation.float('spatial_scale', 1), type)]);
    return isHalf ? writer.emit('Sub', [scaled, writer.scalar(0.5, type)]) : scaled;
  };
  const start = corner(first);
  const whole = writer.emit('Sub', [corner(first + 2), start]);
  return { start, length: isHalf ? whole : writer.emit('Max', [whole, writer.scalar(1, type)]), bins, size };
}

/** [R, bins, size]: max(0, 1 − |place − element|), the mean over the samples of a bin. */
function weightsOf(operation: Operation, writer: GraphWriter, extent: Extent, rois: string): string {
  const { type } = writer.facts(rois);
  const n = (value: number): string => writer.scalar(value, type);
  const counted = (length: number, dims: readonly number[]): string =>
    writer.reals(
      Array.from({ length }, (_, at) => at),
      dims,
      type,
    );
  const upright = (value: string): string => writer.emit('Unsqueeze', [value, writer.int64([1, 2])]);
  const width = upright(writer.emit('Div', [extent.length, n(extent.bins)]));
  const { count, steps } = samplesOf(operation, writer, width, type);
  // In the runtime's order, so that a sample at the very edge is on the same side of it.
  const bins = writer.emit('Mul', [counted(extent.bins, [1, extent.bins, 1]), width]);
  const within = writer.emit('Div', [writer.emit('Mul', [writer.emit('Add', [steps, n(0.5)]), width]), count]);
  const places = writer.emit('Add', [writer.emit('Add', [upright(extent.start), bins]), within]);
  // More than one element outside gives nothing; so do samples that a smaller region does not have.
  const isThere = [
    writer.emit('GreaterOrEqual', [places, n(-1)]),
    writer.emit('LessOrEqual', [places, n(extent.size)]),
    writer.emit('Less', [steps, count]),
  ].reduce((left, right) => writer.emit('And', [left, right]));
  const share = writer.emit('Where', [isThere, writer.emit('Div', [n(1), count]), n(0)]);
  const inside = writer.emit('Clip', [places, n(0), n(extent.size - 1)]);
  const last = (value: string): string => writer.emit('Unsqueeze', [value, writer.int64([-1])]);
  const distance = writer.emit('Abs', [writer.emit('Sub', [last(inside), counted(extent.size, [extent.size])])]);
  const hats = writer.emit('Relu', [writer.emit('Sub', [n(1), distance])]);
  return writer.emit('ReduceSum', [writer.emit('Mul', [hats, last(share)]), writer.int64([2])], { keepdims: 0n });
}

/** Samples of a bin: as many as asked for, or one for each element that it is wide. Steps [samples] from 0. */
function samplesOf(operation: Operation, writer: GraphWriter, width: string, type: DataType) {
  const ratio = operation.int('sampling_ratio', 0);
  if (ratio > 0) {
    const steps = writer.reals(
      Array.from({ length: ratio }, (_, at) => at),
      [ratio],
      type,
    );
    return { count: writer.scalar(ratio, type), steps };
  }
  const count = writer.emit('Ceil', [width]);
  const most = writer.emit('Max', [writer.emit('ReduceMax', [count], { keepdims: 0n }), writer.scalar(1, type)]);
  const steps = writer.emit('Range', [writer.scalar(0, type), most, writer.scalar(1, type)]);
  return { count, steps };
}

export const roiAlignLowerings: Lowerings = { RoiAlign: roiAlign };
