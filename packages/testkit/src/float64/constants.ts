import { elementCount } from '@holdfast/onnx';
import type { Operator, Operators } from './call.ts';
import { constantValue, typeNames } from './constant-value.ts';
import { axisOf, counting, placesOf } from './layout.ts';
import { floats, fromNumbers, integers, listOf, newElements, numbersOf, scalarOf, type Value } from './value.ts';

const constant: Operator = (call) => {
  const [tensor, ints, list] = [call.tensor('value'), call.ints('value_ints'), call.floats('value_floats')];
  if (tensor) return constantValue(tensor);
  if (call.has('value_int')) return integers([], [call.int('value_int', 0)]);
  if (call.has('value_float')) return floats([], Float64Array.of(call.float('value_float', 0)));
  if (ints) return integers([ints.length], ints);
  if (list) return floats([list.length], Float64Array.from(list, Math.fround));
  throw new Error('a constant without a tensor or numbers');
};

const constantOfShape: Operator = (call) => {
  const dims = listOf(call.input(0));
  const tensor = call.tensor('value');
  const value = tensor ? constantValue(tensor) : floats([1], new Float64Array(1));
  const data = newElements(value.type, elementCount(dims));
  return { type: value.type, dims, data: data.fill(value.data[0] as never) };
};

const range: Operator = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((index) => scalarOf(call.input(index))) as [number, number, number];
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  return fromNumbers(
    call.input(0).type,
    [count],
    Array.from({ length: count }, (_, i) => start + i * delta),
  );
};

const shapeOf: Operator = (call) => {
  const { dims } = call.input(0);
  const bound = (at: number): number => Math.min(Math.max(at < 0 ? at + dims.length : at, 0), dims.length);
  const part = dims.slice(bound(call.int('start', 0)), bound(call.int('end', dims.length)));
  return integers([part.length], part);
};

const eyeLike: Operator = (call) => {
  const x = call.input(0);
  const [type, k] = [typeNames[call.int('dtype', 0)] ?? x.type, call.int('k', 0)];
  const columns = x.dims[1]!;
  const isOne = (at: number): boolean => (at % columns) - Math.floor(at / columns) === k;
  return fromNumbers(
    type,
    x.dims,
    Array.from(counting(x.data.length), (at) => (isOne(at) ? 1 : 0)),
  );
};

/** Indices outside −depth … depth − 1 are rows of the off value. */
const oneHot: Operator = (call) => {
  const [indices, depth, values] = [call.input(0), scalarOf(call.input(1)), call.input(2)];
  const axis = axisOf(call.int('axis', -1), indices.dims.length + 1);
  const dims = indices.dims.toSpliced(axis, 0, depth);
  const inner = elementCount(dims.slice(axis + 1));
  const list = numbersOf(indices).map((index) => (index < 0 ? index + depth : index));
  const data = newElements(values.type, elementCount(dims));
  for (const at of data.keys()) {
    const [outer, hot] = [Math.floor(at / inner / depth), Math.floor(at / inner) % depth];
    data[at] = values.data[list[outer * inner + (at % inner)] === hot ? 1 : 0]!;
  }
  return { type: values.type, dims, data };
};

/** The coordinates of the elements that are not 0, one column each. */
const nonZero: Operator = (call) => {
  const x: Value = call.input(0);
  const places = [...x.data.keys()].filter((at) => Number(x.data[at]) !== 0);
  const rows = x.dims.map((_, axis) =>
    placesOf(
      x.dims,
      x.dims.map((__, other) => (other === axis ? 1 : 0)),
    ),
  );
  return integers(
    [x.dims.length, places.length],
    rows.flatMap((row) => places.map((place) => row[place]!)),
  );
};

/** Operators that make a tensor, or ask its shape. */
export const constants: Operators = {
  Constant: constant,
  ConstantOfShape: constantOfShape,
  Range: range,
  Shape: shapeOf,
  Size: (call) => integers([], [call.input(0).data.length]),
  EyeLike: eyeLike,
  OneHot: oneHot,
  NonZero: nonZero,
};
