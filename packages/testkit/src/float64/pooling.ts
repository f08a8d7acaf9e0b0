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

/** Each element goes back to the place that its index names; elsewhere 0. */
const maxUnpool: Operator = (call) => {
  const [x, indices, shape] = [call.input(0), listOf(call.input(1)), call.optional(2)];
  const kernel = call.ints('kernel_shape') ?? [];
  const ones = kernel.map(() => 1);
  const [strides, pads] = [call.ints('strides') ?? ones, call.ints('pads') ?? [...ones, ...ones].fill(0)];
  const inferred = kernel.map(
    (size, axis) => (x.dims[axis + 2]! - 1) * strides[axis]! - pads[axis]! - pads[axis + kernel.length]! + size,
  );
  const small = [...x.dims.slice(0, 2), ...inferred];
  const dims = shape ? listOf(shape) : small;
  const result = new Float64Array(elementCount(dims));
  const into = placesOf(small, stridesOf(dims));
  for (const [i, index] of indices.entries()) result[into[index]!] = numbersOf(x)[i]!;
  return floats(dims, result, x.type);
};

export const pooling: Operators = {
  AveragePool: averagePool,
  MaxPool: maxPool,
  LpPool: lpPool,
  MaxUnpool: maxUnpool,
  GlobalAveragePool: global(() => (lane) => lane.reduce((sum, x) => sum + x, 0) / lane.length),
  GlobalMaxPool: global(() => (lane) => lane.reduce((best, x) => Math.max(best, x), Number.NEGATIVE_INFINITY)),
  GlobalLpPool: global((call) => {
    const p = call.int('p', 2);
    return (lane) => lane.reduce((sum, x) => sum + Math.abs(x) ** p, 0) ** (1 / p);
  }),
};
