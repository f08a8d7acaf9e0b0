import { elementCount } from '@holdfast/onnx';
import type { Operator, Operators } from './call.ts';
import { axisOf, counting, placesOf, reshaped, select, stridesOf, take } from './layout.ts';
import { bigsOf, fromBigs, isFloat, listOf, type Value } from './value.ts';

/** An index counted from 0. @throws Error outside the axis */
function indexIn(index: number, size: number): number {
  if (index < -size || index >= size) throw new Error(`index ${index} of ${size}`);
  return index < 0 ? index + size : index;
}

const gather: Operator = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  const axis = axisOf(call.int('axis', 0), x.dims.length);
  const chosen = listOf(indices).map((index) => indexIn(index, x.dims[axis]!));
  const flat = select(
    x,
    x.dims.map((size, at) => (at === axis ? chosen : counting(size))),
  );
  return reshaped(flat, [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)]);
};

/** Where in `x` each element of `indices` points: its own place, but for the axis. */
function elementPlaces(x: Value, indices: Value, axis: number): Int32Array {
  const strides = stridesOf(x.dims);
  const others = placesOf(indices.dims, strides.with(axis, 0));
  return others.map((place, i) => place + indexIn(Number(indices.data[i]), x.dims[axis]!) * strides[axis]!);
}

const gatherElements: Operator = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  return take(x, indices.dims, elementPlaces(x, indices, axisOf(call.int('axis', 0), x.dims.length)));
};

/** Where in `x` each slice starts that the last axis of `indices` names; the first `batch` axes go together. */
function sliceStarts(x: Value, indices: Value, batch: number): number[] {
  const [depth, strides] = [indices.dims.at(-1)!, stridesOf(x.dims)];
  const [list, count] = [listOf(indices), elementCount(indices.dims.slice(0, -1))];
  const perBatch = count / elementCount(x.dims.slice(0, batch));
  const batchSize = elementCount(x.dims.slice(batch));
  return Array.from({ length: count }, (_, i) => {
    let place = Math.floor(i / perBatch) * batchSize;
    for (let d = 0; d < depth; d++) place += indexIn(list[i * depth + d]!, x.dims[batch + d]!) * strides[batch + d]!;
    return place;
  });
}

function slicePlaces(x: Value, indices: Value, batch: number): { places: Int32Array; rest: readonly number[] } {
  const rest = x.dims.slice(batch + indices.dims.at(-1)!);
  const size = elementCount(rest);
  const starts = sliceStarts(x, indices, batch);
  return {
    places: Int32Array.from({ length: starts.length * size }, (_, i) => starts[Math.floor(i / size)]! + (i % size)),
    rest,
  };
}

const gatherND: Operator = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  const { places, rest } = slicePlaces(x, indices, call.int('batch_dims', 0));
  return take(x, [...indices.dims.slice(0, -1), ...rest], places);
};

const reductions: Readonly<Record<string, (a: number, b: number) => number>> = {
  none: (_, b) => b,
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  min: Math.min,
  max: Math.max,
};
const integerReductions: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  none: (_, b) => b,
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  min: (a, b) => (a < b ? a : b),
  max: (a, b) => (a > b ? a : b),
};

/** `x` with the updates put in, one after the other. */
function scattered(x: Value, places: Int32Array, updates: Value, how: string): Value {
  const [combine, combineIntegers] = [reductions[how], integerReductions[how]];
  if (!combine || !combineIntegers) throw new Error(`the reduction ${how}`);
  if (isFloat(x.type)) {
    const data = Float64Array.from(x.data as Float64Array);
    for (const [i, place] of places.entries()) data[place] = combine(data[place]!, Number(updates.data[i]));
    return { ...x, data };
  }
  const [list, from] = [bigsOf(x), bigsOf(updates)];
  for (const [i, place] of places.entries()) list[place] = combineIntegers(list[place]!, from[i]!);
  return fromBigs(x.type, x.dims, list);
}

const scatterElements: Operator = (call) => {
  const [x, indices] = [call.input(0), call.input(1)];
  const places = elementPlaces(x, indices, axisOf(call.int('axis', 0), x.dims.length));
  return scattered(x, places, call.input(2), call.string('reduction', 'none'));
};

const scatterND: Operator = (call) => {
  const x = call.input(0);
  return scattered(x, slicePlaces(x, call.input(1), 0).places, call.input(2), call.string('reduction', 'none'));
};

/** The slices along an axis, or the elements, whose condition is true. */
const compress: Operator = (call) => {
  const [x, conditions] = [call.input(0), listOf(call.input(1))];
  const chosen = conditions.flatMap((condition, at) => (condition === 0 ? [] : [at]));
  if (!call.has('axis')) return take(x, [chosen.length], Int32Array.from(chosen));
  const axis = axisOf(call.int('axis', 0), x.dims.length);
  return select(
    x,
    x.dims.map((size, at) => (at === axis ? chosen : counting(size))),
  );
};

export const gathering: Operators = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherND,
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterND,
  Compress: compress,
};
