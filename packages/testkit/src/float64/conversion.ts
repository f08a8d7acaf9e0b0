import type { DataType } from '@holdfast/onnx';
import type { Call, Operator, Operators } from './call.ts';
import { typeNames } from './constant-value.ts';
import { roundHalfEven } from './elementwise.ts';
import { axisOf } from './layout.ts';
import { bigsOf, floats, fromBigs, fromNumbers, isFloat, listOf, numbersOf, type Value } from './value.ts';

/** Floats stay as they are in another float type; integers are truncated towards 0. */
function cast(x: Value, type: DataType | undefined): Value {
  if (!type) throw new Error('the type is not computed');
  if (isFloat(x.type) && isFloat(type)) return { ...x, type };
  if (isFloat(x.type) || isFloat(type) || type === 'BOOL') return fromNumbers(type, x.dims, listOf(x));
  return fromBigs(type, x.dims, bigsOf(x));
}

const ranges: Partial<Record<DataType, readonly [number, number]>> = {
  UINT4: [0, 15],
  INT4: [-8, 7],
  UINT8: [0, 255],
  INT8: [-128, 127],
  UINT16: [0, 65535],
  INT16: [-32768, 32767],
};

/** Which scale each element of `x` has: one for all, one for each index of an axis, or one for each block along it. */
function scaleIndex(call: Call, x: Value, scale: Value): (i: number) => number {
  if (scale.data.length === 1) return () => 0;
  const axis = axisOf(call.int('axis', 1), x.dims.length);
  const inner = x.dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const at = (i: number): number => Math.floor(i / inner) % x.dims[axis]!;
  if (scale.dims.length === 1) return at;
  const [block, along] = [call.int('block_size', 1), scale.dims[axis]!];
  return (i) => (Math.floor(i / inner / x.dims[axis]!) * along + Math.floor(at(i) / block)) * inner + (i % inner);
}

/** saturate(round(x / scale) + zero point), halves to even */
const quantizeLinear: Operator = (call) => {
  const [x, scale, zero] = [call.input(0), call.input(1), call.optional(2)];
  const type = zero?.type ?? typeNames[call.int('output_dtype', 2)] ?? 'UINT8';
  const [low, high] = ranges[type] ?? [];
  if (low === undefined || high === undefined) throw new Error(`quantising to ${type} is not supported`);
  const [at, scales, zeros] = [scaleIndex(call, x, scale), numbersOf(scale), zero && numbersOf(zero)];
  const rounded = numbersOf(x).map((v, i) => roundHalfEven(v / scales[at(i)]!) + (zeros?.[at(i)] ?? 0));
  return fromNumbers(
    type,
    x.dims,
    rounded.map((v) => Math.min(Math.max(v, low), high)),
  );
};

const dequantizeLinear: Operator = (call) => {
  const [x, scale, zero] = [call.input(0), call.input(1), call.optional(2)];
  const [at, scales, zeros] = [scaleIndex(call, x, scale), numbersOf(scale), zero && numbersOf(zero)];
  return floats(
    x.dims,
    numbersOf(x).map((v, i) => (v - (zeros?.[at(i)] ?? 0)) * scales[at(i)]!),
    scale.type,
  );
};

/** To UINT8 by the range of `x` itself, which always holds 0: y, its scale and its zero point. */
const dynamicQuantizeLinear: Operator = (call) => {
  const x = numbersOf(call.input(0));
  const [low, high] = [Math.min(0, ...x), Math.max(0, ...x)];
  const scale = high === low ? 1 : (high - low) / 255;
  const clipped = (v: number): number => Math.min(Math.max(v, 0), 255);
  const zero = clipped(roundHalfEven(-low / scale));
  const y = Array.from(x, (v) => clipped(roundHalfEven(v / scale) + zero));
  return [
    fromNumbers('UINT8', call.input(0).dims, y),
    floats([], Float64Array.of(scale), call.input(0).type),
    fromNumbers('UINT8', [], [zero]),
  ];
};

export const conversion: Operators = {
  Cast: (call) => cast(call.input(0), typeNames[call.int('to', 0)]),
  CastLike: (call) => cast(call.input(0), call.input(1).type),
  QuantizeLinear: quantizeLinear,
  DequantizeLinear: dequantizeLinear,
  DynamicQuantizeLinear: dynamicQuantizeLinear,
};
