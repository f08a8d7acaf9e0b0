import { elementCount } from '@holdfast/onnx';
import type { Call, Operator, Operators } from './call.ts';
import { lanesOf, placesOf, stridesOf } from './layout.ts';
import { floats, fromNumbers, integers, listOf, numbersOf, type Value } from './value.ts';
import { outputSizes, type Taps, tapsOf, windowsOf } from './windows.ts';

interface Pool {
  readonly x: Value;
  readonly plane: readonly number[];
  readonly dims: readonly number[];
  readonly taps: Taps;
}

function poolOf(call: Call): Pool {
  const x = call.input(0);
  const plane = x.dims.slice(2);
  const kernel = call.ints('kernel_shape');
  if (!kernel) throw new Error('the attribute kernel_shape is missing');
  const windows = windowsOf(call, plane, kernel);
  const output = outputSizes(
    windows,
    plane,
    call.isSet('ceil_mode') && !call.string('auto_pad', '').startsWith('SAME'),
  );
  return { x, plane, dims: [...x.dims.slice(0, 2), ...output], taps: tapsOf(windows, plane, output) };
}

/** One number for every window of every plane. */
function pooled({ plane, dims, taps }: Pool, reduce: (places: Int32Array, offset: number) => number): Float64Array {
  const size = elementCount(plane);
  const results = new Float64Array(elementCount(dims));
  for (let i = 0; i < results.length; i++) {
    const at = (i % taps.windows) * taps.perWindow;
    results[i] = reduce(taps.places.subarray(at, at + taps.perWindow), Math.floor(i / taps.windows) * size);
  }
  return results;
}

const averagePool: Operator = (call) => {
  const pool = poolOf(call);
  const from = numbersOf(pool.x);
  const lowest = call.isSet('count_include_pad') ? -1 : 0;
  const results = pooled(pool, (places, offset) => {
    let [sum, count] = [0, 0];
    for (const place of places) {
      if (place >= 0) sum += from[offset + place]!;
      if (place >= lowest) count++;
    }
    return sum / count;
  });
  return floats(pool.dims, results, pool.x.type);
};

/** Of equal elements the first wins; NaN wins over all. */
const maxPool: Operator = (call) => {
  const pool = poolOf(call);
  const from = numbersOf(pool.x);
  const winners = pooled(pool, (places, offset) => {
    let best = -1;
    for (const place of places) {
      if (place < 0) continue;
      const [candidate, champion] = [from[offset + place]!, from[best]!];
      if (best < 0 || candidate > champion || (Number.isNaN(candidate) && !Number.isNaN(champion)))
        best = offset + place;
    }
    return best;
  });
  const maxima = winners.map((place) => from[place] ?? Number.NEGATIVE_INFINITY);
  const isColumnMajor = call.isSet('storage_order');
  const indices = isColumnMajor ? winners.map((place) => columnMajor(place, pool.plane)) : winners;
  return [fromNumbers(pool.x.type, pool.dims, maxima), integers(pool.dims, indices)];
};

/** The place in a plane whose first spatial axis runs fastest. */
function columnMajor(place: number, plane: readonly number[]): number {
  const size = elementCount(plane);
  const strides = stridesOf([...plane].reverse()).reverse();
  return Math.floor(place / size) * size + placesOf(plane, strides)[place % size]!;
}

const lpPool: Operator = (call) => {
  const pool = poolOf(call);
  const [from, p] = [numbersOf(pool.x), call.int('p', 2)];
  const results = pooled(pool, (places, offset) => {
    let sum = 0;
    for (const place of places) if (place >= 0) sum += Math.abs(from[offset + place]!) ** p;
    return sum ** (1 / p);
  });
  return floats(pool.dims, results, pool.x.type);
};

/** One number for every plane. */
const global =
  (reduceOf: (call: Call) => (lane: Float64Array) => number): Operator =>
  (call) => {
    const x = call.input(0);
    const { starts, steps } = lanesOf(x.dims, x.dims.map((_, axis) => axis).slice(2));
    const [from, reduce] = [numbersOf(x), reduceOf(call)];
    const results = Float64Array.from(starts, (start) =>
      reduce(Float64Array.from(steps, (step) => from[start + step]!)),
    );
    return floats(
      x.dims.map((size, axis) => (axis < 2 ? size : 1)),
      results,
      x.type,
    );
  };

/** Each element goes back to the place that its index names in the output; elsewhere 0. */
const maxUnpool: Operator = (call) => {
  const [x, indices, shape] = [call.input(0), listOf(call.input(1)), call.optional(2)];
  const kernel = call.ints('kernel_shape') ?? [];
  const ones = kernel.map(() => 1);
  const [strides, pads] = [call.ints('strides') ?? ones, call.ints('pads') ?? [...ones, ...ones].fill(0)];
  const inferred = kernel.map(
    (size, axis) => (x.dims[axis + 2]! - 1) * strides[axis]! - pads[axis]! - pads[axis + kernel.length]! + size,
  );
  const dims = shape ? listOf(shape) : [...x.dims.slice(0, 2), ...inferred];
  const result = new Float64Array(elementCount(dims));
  for (const [i, index] of indices.entries()) result[index] = numbersOf(x)[i]!;
  return floats(dims, result, x.type);
};

/** One axis of a region [start, end], both included: the elements of each bin, which overlap where they do not fit. */
function binsOf(start: number, end: number, bins: number, size: number): number[][] {
  const width = Math.max(end - start + 1, 1) / bins;
  return Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [Math.floor(bin * width) + start, Math.ceil((bin + 1) * width) + start];
    const inside = [from, to].map((at) => Math.min(Math.max(at, 0), size)) as [number, number];
    return Array.from({ length: Math.max(inside[1] - inside[0], 0) }, (__, i) => inside[0] + i);
  });
}

/** The maximum of every bin of every region [image, x1, y1, x2, y2]; an empty one gives 0. */
const maxRoiPool: Operator = (call) => {
  const [x, rois] = [call.input(0), call.input(1)];
  const [, channels, height, width] = x.dims as [number, number, number, number];
  const [[rows, columns], scale] = [call.ints('pooled_shape') as [number, number], call.float('spatial_scale', 1)];
  const from = numbersOf(x);
  const result: number[] = [];
  for (let r = 0; r < rois.dims[0]!; r++) {
    const [image, ...corners] = numbersOf(rois).subarray(5 * r, 5 * r + 5);
    const [x1, y1, x2, y2] = corners.map((at) => Math.round(at * scale)) as [number, number, number, number];
    const [ys, xs] = [binsOf(y1, y2, rows, height), binsOf(x1, x2, columns, width)];
    for (let i = 0; i < channels * rows * columns; i++) {
      const plane = (image! * channels + Math.floor(i / columns / rows)) * height;
      const bin = ys[Math.floor(i / columns) % rows]!.flatMap((y) =>
        xs[i % columns]!.map((at) => from[(plane + y) * width + at]!),
      );
      result.push(bin.length > 0 ? Math.max(...bin) : 0);
    }
  }
  return floats([rois.dims[0]!, channels, rows, columns], Float64Array.from(result), x.type);
};

export const pooling: Operators = {
  AveragePool: averagePool,
  MaxPool: maxPool,
  LpPool: lpPool,
  MaxUnpool: maxUnpool,
  MaxRoiPool: maxRoiPool,
  GlobalAveragePool: global(() => (lane) => lane.reduce((sum, x) => sum + x, 0) / lane.length),
  GlobalMaxPool: global(() => (lane) => lane.reduce((best, x) => Math.max(best, x), Number.NEGATIVE_INFINITY)),
  GlobalLpPool: global((call) => {
    const p = call.int('p', 2);
    return (lane) => lane.reduce((sum, x) => sum + Math.abs(x) ** p, 0) ** (1 / p);
  }),
};
