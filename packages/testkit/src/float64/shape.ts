import { elementCount } from '@holdfast/onnx';
import type { Call, Operator, Operators } from './call.ts';
import {
  axisOf,
  broadcast,
  counting,
  expanded,
  placesOf,
  reshaped,
  select,
  stridesOf,
  take,
  transposed,
} from './layout.ts';
import { listOf, newElements, scalarOf, type Value } from './value.ts';

const axesIn = (axes: readonly number[], rank: number): number[] => axes.map((axis) => axisOf(axis, rank));

/** 0 copies a size unless `allowzero` is set; −1 is what is left. */
const reshape: Operator = (call) => {
  const x = call.input(0);
  const wanted = listOf(call.input(1)).map((size, axis) =>
    size === 0 && !call.isSet('allowzero') ? x.dims[axis]! : size,
  );
  const known = elementCount(wanted.filter((size) => size !== -1));
  return reshaped(
    x,
    wanted.map((size) => (size === -1 ? x.data.length / known : size)),
  );
};

const flatten: Operator = (call) => {
  const x = call.input(0);
  const axis = call.int('axis', 1);
  const at = axis < 0 ? axis + x.dims.length : axis;
  return reshaped(x, [elementCount(x.dims.slice(0, at)), elementCount(x.dims.slice(at))]);
};

const squeeze: Operator = (call) => {
  const x = call.input(0);
  const axes = call.list('axes', 1);
  const gone = axes ? axesIn(axes, x.dims.length) : x.dims.flatMap((size, axis) => (size === 1 ? [axis] : []));
  if (gone.some((axis) => x.dims[axis] !== 1)) throw new Error(`axes ${gone.join()} are not all of size 1`);
  return reshaped(
    x,
    x.dims.filter((_, axis) => !gone.includes(axis)),
  );
};

const unsqueeze: Operator = (call) => {
  const x = call.input(0);
  const axes = call.list('axes', 1) ?? [];
  const added = axesIn(axes, x.dims.length + axes.length);
  const sizes = [...x.dims];
  return reshaped(
    x,
    Array.from({ length: x.dims.length + axes.length }, (_, axis) => (added.includes(axis) ? 1 : sizes.shift()!)),
  );
};

const transpose: Operator = (call) => {
  const x = call.input(0);
  return transposed(x, call.ints('perm') ?? x.dims.map((_, axis) => x.dims.length - 1 - axis));
};

const expand: Operator = (call) => expanded(call.input(0), broadcast(call.input(0).dims, listOf(call.input(1))));

const tile: Operator = (call) => {
  const x = call.input(0);
  const repeats = listOf(call.input(1));
  return select(
    x,
    x.dims.map((size, axis) => counting(size * repeats[axis]!).map((i) => i % size)),
  );
};

const concat: Operator = (call) => {
  const [first, ...others] = call.inputs;
  const axis = axisOf(call.int('axis', 0), first!.dims.length);
  return others.reduce((joined, next) => concatenated(joined, next, axis), first!);
};

export function concatenated(a: Value, b: Value, axis: number): Value {
  const outer = elementCount(a.dims.slice(0, axis));
  const [ofA, ofB] = [a.data.length / outer, b.data.length / outer];
  const data = newElements(a.type, a.data.length + b.data.length);
  for (let i = 0; i < outer; i++) {
    data.set(a.data.subarray(i * ofA, (i + 1) * ofA) as never, i * (ofA + ofB));
    data.set(b.data.subarray(i * ofB, (i + 1) * ofB) as never, i * (ofA + ofB) + ofA);
  }
  return { type: a.type, dims: a.dims.with(axis, a.dims[axis]! + b.dims[axis]!), data };
}

/** Sizes by attribute or input; else parts as equal as can be, the last one smaller. */
const split: Operator = (call) => {
  const x = call.input(0);
  const axis = axisOf(call.int('axis', 0), x.dims.length);
  const [size, parts] = [x.dims[axis]!, call.int('num_outputs', call.node.outputs.length)];
  const part = Math.ceil(size / parts);
  const sizes = call.list('split', 1) ?? Array.from({ length: parts }, (_, i) => Math.min(part, size - i * part));
  let start = 0;
  return sizes.map((length) => {
    start += length;
    return select(
      x,
      x.dims.map((whole, at) => (at === axis ? counting(length).map((i) => start - length + i) : counting(whole))),
    );
  });
};

/** Bounds count from the end if negative, and are cut to what there is. */
const slice: Operator = (call) => {
  const x = call.input(0);
  const [starts, ends] = [listOf(call.input(1)), listOf(call.input(2))];
  const axes = axesIn(call.optional(3) ? listOf(call.input(3)) : [...starts.keys()], x.dims.length);
  const steps = call.optional(4) ? listOf(call.input(4)) : starts.map(() => 1);
  const indices = x.dims.map(counting);
  for (const [i, axis] of axes.entries()) {
    const [size, step] = [x.dims[axis]!, steps[i]!];
    const bound = (at: number): number => {
      const counted = at < 0 ? at + size : at;
      return step > 0 ? Math.min(Math.max(counted, 0), size) : Math.min(Math.max(counted, -1), size - 1);
    };
    const start = bound(starts[i]!);
    const count = Math.max(0, Math.ceil((bound(ends[i]!) - start) / step));
    indices[axis] = counting(count).map((at) => start + at * step);
  }
  return select(x, indices);
};

const depthToSpace: Operator = (call) => {
  const x = call.input(0);
  const [n, c, h, w] = x.dims as [number, number, number, number];
  const size = call.int('blocksize', 1);
  const depth = c / size / size;
  const isColumnFirst = call.string('mode', 'DCR') === 'CRD';
  const blocks = reshaped(x, isColumnFirst ? [n, depth, size, size, h, w] : [n, size, size, depth, h, w]);
  return reshaped(transposed(blocks, isColumnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]), [
    n,
    depth,
    h * size,
    w * size,
  ]);
};

const spaceToDepth: Operator = (call) => {
  const x = call.input(0);
  const [n, c, h, w] = x.dims as [number, number, number, number];
  const size = call.int('blocksize', 1);
  const blocks = reshaped(x, [n, c, h / size, size, w / size, size]);
  return reshaped(transposed(blocks, [0, 3, 5, 1, 2, 4]), [n, c * size * size, h / size, w / size]);
};

const trilu: Operator = (call) => {
  const x = call.input(0);
  const [k, isUpper] = [call.optional(1) ? scalarOf(call.input(1)) : 0, call.isSet('upper', true)];
  const [rows, columns] = [x.dims.at(-2)!, x.dims.at(-1)!];
  const places = placesOf(x.dims, stridesOf(x.dims)).map((place) => {
    const diagonal = (place % columns) - (Math.floor(place / columns) % rows);
    return (isUpper ? diagonal >= k : diagonal <= k) ? place : -1;
  });
  return take(x, x.dims, places);
};

/** Cuts evenly at both ends, or pads with 0. */
const centerCropPad: Operator = (call) => {
  const x = call.input(0);
  const shape = listOf(call.input(1));
  const axes = axesIn(call.ints('axes') ?? [...x.dims.keys()], x.dims.length);
  const indices = x.dims.map(counting);
  for (const [i, axis] of axes.entries()) {
    const [size, wanted] = [x.dims[axis]!, shape[i]!];
    const start = wanted < size ? Math.floor((size - wanted) / 2) : -Math.floor((wanted - size) / 2);
    indices[axis] = counting(wanted).map((at) => (at + start < size ? at + start : -1));
  }
  return select(x, indices);
};

/** Operators that move elements, or only name a new shape. */
export const shape: Operators = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  Concat: concat,
  Split: split,
  Slice: slice,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: trilu,
  CenterCropPad: centerCropPad,
  Identity: (call: Call) => call.input(0),
};
