import { elementCount } from '@holdfast/onnx';
import { newElements, type Value } from './value.ts';

/** Distance between neighbours along each axis, row-major. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  return strides;
}

/** Where each element of a view lies, row-major: `start` + Σ index × stride. */
export function placesOf(dims: readonly number[], strides: readonly number[], start = 0): Int32Array {
  const places = new Int32Array(elementCount(dims));
  const at = dims.map(() => 0);
  let place = start;
  for (let i = 0; i < places.length; i++) {
    places[i] = place;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      place += strides[axis]!;
      if (++at[axis]! < dims[axis]!) break;
      place -= strides[axis]! * dims[axis]!;
      at[axis] = 0;
    }
  }
  return places;
}

/** The elements at these places of `value`; at a negative place, `fill`. */
export function take(value: Value, dims: readonly number[], places: Int32Array, fill: number | bigint = 0): Value {
  const data = newElements(value.type, places.length);
  const filler = typeof data[0] === 'bigint' ? BigInt(fill) : Number(fill);
  for (let i = 0; i < places.length; i++) data[i] = places[i]! < 0 ? filler : value.data[places[i]!]!;
  return { type: value.type, dims, data };
}

/** Along each axis, which index of `value` each index of the result shows; negative: `fill`. */
export function select(value: Value, indices: readonly ArrayLike<number>[], fill: number | bigint = 0): Value {
  const dims = indices.map(({ length }) => length);
  const strides = stridesOf(value.dims);
  let places = Int32Array.of(0);
  for (const [axis, along] of indices.entries()) {
    const wider = new Int32Array(places.length * along.length);
    for (let i = 0; i < wider.length; i++) {
      const [outer, index] = [places[Math.floor(i / along.length)]!, along[i % along.length]!];
      wider[i] = outer < 0 || index < 0 ? -1 : outer + index * strides[axis]!;
    }
    places = wider;
  }
  return take(value, dims, places, fill);
}

/** 0, 1, … below `count`. */
export function counting(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

/** `value` with the same elements and another shape. */
export function reshaped(value: Value, dims: readonly number[]): Value {
  if (elementCount(dims) !== value.data.length)
    throw new Error(`[${value.dims.join()}] does not become [${dims.join()}]`);
  return { ...value, dims };
}

export function transposed(value: Value, order: readonly number[]): Value {
  const strides = stridesOf(value.dims);
  const dims = order.map((axis) => value.dims[axis]!);
  return take(
    value,
    dims,
    placesOf(
      dims,
      order.map((axis) => strides[axis]!),
    ),
  );
}

/** The shape that these broadcast to (Broadcasting.md, "Multidirectional Broadcasting"). */
export function broadcast(...shapes: (readonly number[])[]): number[] {
  const rank = Math.max(0, ...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const sizes = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1).filter((size) => size !== 1);
    if (new Set(sizes).size > 1) throw new Error(`[${shapes.join('] and [')}] do not broadcast`);
    return sizes[0] ?? 1;
  });
}

/** Where each element of the shape `to` lies in a tensor of the shape `dims` that broadcasts to it. */
export function broadcastPlaces(dims: readonly number[], to: readonly number[]): Int32Array {
  const own = stridesOf(dims);
  const lead = to.length - dims.length;
  return placesOf(
    to,
    to.map((_, axis) => (axis < lead || dims[axis - lead] === 1 ? 0 : own[axis - lead]!)),
  );
}

export function expanded(value: Value, to: readonly number[]): Value {
  return take(value, to, broadcastPlaces(value.dims, to));
}

/** The axis counted from 0. */
export function axisOf(axis: number, rank: number): number {
  if (axis < -rank || axis >= rank) throw new Error(`axis ${axis} of a tensor of rank ${rank}`);
  return axis < 0 ? axis + rank : axis;
}

/** All of a tensor along some axes, for every index of the others: element `j` of lane `i` lies at `starts[i] + steps[j]`. */
export interface Lanes {
  readonly starts: Int32Array;
  readonly steps: Int32Array;
}

export function lanesOf(dims: readonly number[], axes: readonly number[]): Lanes {
  const strides = stridesOf(dims);
  const along = (isWanted: (axis: number) => boolean): Int32Array => {
    const kept = dims.map((_, axis) => axis).filter(isWanted);
    return placesOf(
      kept.map((axis) => dims[axis]!),
      kept.map((axis) => strides[axis]!),
    );
  };
  return { starts: along((axis) => !axes.includes(axis)), steps: along((axis) => axes.includes(axis)) };
}

/** The elements of one lane, in order. */
export function laneAt(data: Float64Array, { starts, steps }: Lanes, lane: number): Float64Array {
  return Float64Array.from(steps, (step) => data[starts[lane]! + step]!);
}

/** Every lane replaced by what `change` makes of it, as long as it was. */
export function mapLanes(
  data: Float64Array,
  lanes: Lanes,
  change: (lane: Float64Array, index: number) => ArrayLike<number>,
): Float64Array {
  const result = new Float64Array(data.length);
  for (const [index, start] of lanes.starts.entries()) {
    const changed = change(laneAt(data, lanes, index), index);
    for (const [j, step] of lanes.steps.entries()) result[start + step] = changed[j]!;
  }
  return result;
}
