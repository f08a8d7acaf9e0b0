import type { Call, Operator, Operators } from './call.ts';
import { axisOf, counting, laneAt, lanesOf, placesOf, select, stridesOf } from './layout.ts';
import { fromNumbers, isFloat, listOf, numbersOf, type Value } from './value.ts';

/** One axis about to be resized. */
interface Axis {
  readonly input: number;
  readonly output: number;
  readonly scale: number;
  /** The region of tf_crop_and_resize, normalised. */
  readonly start: number;
  readonly end: number;
}

/** Where in the input an index of the output lies (Resize, "coordinate_transformation_mode"). */
const coordinates: Readonly<Record<string, (x: number, axis: Axis) => number>> = {
  half_pixel: (x, { scale }) => (x + 0.5) / scale - 0.5,
  half_pixel_symmetric: (x, { input, output, scale }) =>
    (input / 2) * (1 - output / (scale * input)) + (x + 0.5) / scale - 0.5,
  pytorch_half_pixel: (x, { output, scale }) => (output > 1 ? (x + 0.5) / scale - 0.5 : 0),
  align_corners: (x, { input, output }) => (output > 1 ? (x * (input - 1)) / (output - 1) : 0),
  asymmetric: (x, { scale }) => x / scale,
  tf_half_pixel_for_nn: (x, { scale }) => (x + 0.5) / scale,
  tf_crop_and_resize: (x, { input, output, start, end }) =>
    output > 1
      ? start * (input - 1) + (x * (end - start) * (input - 1)) / (output - 1)
      : 0.5 * (start + end) * (input - 1),
};

const roundings: Readonly<Record<string, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

/** Weight of a neighbour at a distance; `reach` is where it becomes 0. */
interface Kernel {
  readonly reach: number;
  readonly weight: (distance: number) => number;
}

const linear: Kernel = { reach: 1, weight: (d) => Math.max(0, 1 - Math.abs(d)) };

/** Keys' cubic convolution. */
export const cubic = (a: number): Kernel => ({
  reach: 2,
  weight: (distance) => {
    const d = Math.abs(distance);
    if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  },
});

/** How much of each input index one output index takes; neighbours outside are the edge, or left out. */
function weightsAt(at: number, { input, scale }: Axis, kernel: Kernel, call: Call): Float64Array {
  const isStretched = call.isSet('antialias') && scale < 1;
  const stretch = isStretched ? scale : 1;
  const weights = new Float64Array(input);
  const isOutsideLeftOut = call.isSet('exclude_outside');
  for (let tap = Math.floor(at - kernel.reach / stretch) + 1; tap < at + kernel.reach / stretch; tap++) {
    if (isOutsideLeftOut && (tap < 0 || tap >= input)) continue;
    weights[Math.min(Math.max(tap, 0), input - 1)]! += kernel.weight((tap - at) * stretch);
  }
  if (!isOutsideLeftOut && !isStretched) return weights;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** `x` with one axis replaced by weighted sums along it. */
function combined(x: Value, axis: number, rows: readonly Float64Array[]): Value {
  const dims = x.dims.with(axis, rows.length);
  const [from, into, source, result] = [
    lanesOf(x.dims, [axis]),
    lanesOf(dims, [axis]),
    numbersOf(x),
    new Float64Array((x.data.length / x.dims[axis]!) * rows.length),
  ];
  for (const [index, start] of into.starts.entries()) {
    const lane = laneAt(source, from, index);
    for (const [j, row] of rows.entries()) {
      result[start + into.steps[j]!] = row.reduce(
        (sum, weight, i) => (weight === 0 ? sum : sum + weight * lane[i]!),
        0,
      );
    }
  }
  return fromNumbers(isFloat(x.type) ? x.type : 'DOUBLE', dims, result);
}

/** Sizes and scales of all axes, from whichever input gives them. */
function axesOf(call: Call): Axis[] {
  const { dims } = call.input(0);
  const named = (call.ints('axes') ?? [...dims.keys()]).map((axis) => axisOf(axis, dims.length));
  const listed = (index: number): number[] | undefined => {
    const value = call.optional(index);
    return value && value.data.length > 0 ? listOf(value) : undefined;
  };
  const [roi, scales, sizes] = [listed(1), listed(2), listed(3)];
  if (!scales && !sizes) throw new Error('neither scales nor sizes');
  const policy = call.string('keep_aspect_ratio_policy', 'stretch');
  const ratios = sizes?.map((size, i) => size / dims[named[i]!]!);
  const shared = policy === 'stretch' ? undefined : Math[policy === 'not_larger' ? 'min' : 'max'](...(ratios ?? []));
  return dims.map((input, axis) => {
    const i = named.indexOf(axis);
    if (i < 0) return { input, output: input, scale: 1, start: 0, end: 1 };
    const scale = scales?.[i] ?? shared ?? ratios![i]!;
    const output = scales ? Math.floor(input * scale) : shared ? Math.floor(input * scale + 0.5) : sizes![i]!;
    return { input, output, scale, start: roi?.[i] ?? 0, end: roi?.[i + named.length] ?? 1 };
  });
}

function resized(
  call: Call,
  axes: readonly Axis[],
  how: { mode: string; coordinates: string; nearest: string },
): Value {
  const [x, place, round] = [call.input(0), coordinates[how.coordinates], roundings[how.nearest]];
  if (!place || !round) throw new Error(`the coordinates ${how.coordinates}, rounded by ${how.nearest}`);
  const at = axes.map((axis) => Array.from(counting(axis.output), (i) => place(i, axis)));
  const whole = how.mode === 'nearest' ? nearest(x, axes, at, round) : interpolated(call, axes, at, how.mode);
  return how.coordinates === 'tf_crop_and_resize' ? extrapolated(call, whole, axes, at) : whole;
}

type Coordinates = readonly (readonly number[])[];

function nearest(x: Value, axes: readonly Axis[], at: Coordinates, round: (x: number) => number): Value {
  return select(
    x,
    axes.map(({ input }, axis) => at[axis]!.map((c) => Math.min(Math.max(round(c), 0), input - 1))),
  );
}

/** Linear and cubic are separable: one axis after the other. */
function interpolated(call: Call, axes: readonly Axis[], at: Coordinates, mode: string): Value {
  const kernel = mode === 'cubic' ? cubic(call.float('cubic_coeff_a', -0.75)) : linear;
  const x = call.input(0);
  const result = axes.reduce((value, axis, i) => {
    if (axis.input === axis.output && axis.scale === 1 && axis.start === 0 && axis.end === 1) return value;
    return combined(
      value,
      i,
      at[i]!.map((c) => weightsAt(c, axis, kernel, call)),
    );
  }, x);
  return fromNumbers(x.type, result.dims, numbersOf(result));
}

/** Elements whose coordinate lies outside the input on any axis are a constant. */
function extrapolated(call: Call, x: Value, axes: readonly Axis[], at: Coordinates): Value {
  const data = Float64Array.from(numbersOf(x));
  for (const [axis, { input }] of axes.entries()) {
    const index = placesOf(
      x.dims,
      stridesOf(x.dims).map((_, other) => (other === axis ? 1 : 0)),
    );
    for (const [i, j] of index.entries()) {
      const coordinate = at[axis]![j]!;
      if (coordinate < 0 || coordinate > input - 1) data[i] = call.float('extrapolation_value', 0);
    }
  }
  return fromNumbers(x.type, x.dims, data);
}

const resize: Operator = (call) =>
  resized(call, axesOf(call), {
    mode: call.string('mode', 'nearest'),
    coordinates: call.string('coordinate_transformation_mode', 'half_pixel'),
    nearest: call.string('nearest_mode', 'round_prefer_floor'),
  });

/** Resize as it was before operator set 10. */
const upsample: Operator = (call) => {
  const scales = call.floats('scales') ?? listOf(call.input(1));
  const axes = call.input(0).dims.map((input, axis) => {
    const scale = scales[axis]!;
    return { input, output: Math.floor(input * scale), scale, start: 0, end: 1 };
  });
  const mode = call.string('mode', 'nearest') === 'nearest' ? 'nearest' : 'linear';
  return resized(call, axes, { mode, coordinates: 'asymmetric', nearest: 'floor' });
};

export const resizing: Operators = { Resize: resize, Upsample: upsample };
