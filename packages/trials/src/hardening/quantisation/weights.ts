import { clamp, roundHalfToEven } from './affine.ts';

/** Weights in int8, with a scale for each slice along an axis, or one for all. */
export interface QuantisedWeights {
  readonly values: Int8Array;
  readonly scales: Float32Array;
}

/** Real numbers with dimensions. */
export interface Reals {
  readonly values: Float32Array | Float64Array;
  readonly dims: readonly number[];
}

/**
 * Symmetric int8: scale = max |w| / 127 of each slice (63 with 7 bits), w ≈ scale · stored.
 * @param axis of the slices; absent: one scale for all
 * @param leastScales scales that must not be smaller, by slice: so that a bias fits its 32 bits
 */
export function quantisedWeights(
  { values, dims }: Reals,
  axis: number | undefined,
  { bits = 8, leastScales }: { readonly bits?: 7 | 8; readonly leastScales?: Float64Array } = {},
): QuantisedWeights {
  const slices = axis === undefined ? 1 : (dims[axis] ?? 1);
  const inner = axis === undefined ? values.length : dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const sliceOf = (index: number): number => Math.floor(index / inner) % slices;
  const greatest = new Float64Array(slices);
  for (let index = 0; index < values.length; index += 1) {
    const slice = sliceOf(index);
    greatest[slice] = Math.max(greatest[slice] as number, Math.abs(values[index] as number));
  }
  const limit = bits === 7 ? 63 : 127;
  const scales = Float32Array.from(greatest, (each, slice) => Math.max(each / limit, leastScales?.[slice] ?? 0) || 1);
  const stored = new Int8Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    const scale = scales[sliceOf(index)] as number;
    stored[index] = clamp(roundHalfToEven((values[index] as number) / scale), -limit, limit);
  }
  return { values: stored, scales };
}

/** Half of what 32 bits hold: the other half is for the sum of the products that a bias is added to. */
const biasLimit = 2 ** 30;

/** The smallest scales of weights with which a bias fits: |b| ≤ 2³⁰ · activation scale · weight scale. */
export function leastScales(bias: Reals['values'], activationScale: number, slices: number): Float64Array {
  const least = Float64Array.from(bias, (value) => Math.abs(value) / (activationScale * biasLimit));
  return least.length === slices ? least : new Float64Array(slices).fill(least.reduce((a, b) => Math.max(a, b), 0));
}

/** A bias in int32: scale = activation scale · weight scale, so that it can be added to the products as they are. */
export function quantisedBias(
  bias: Reals['values'],
  activationScale: number,
  weightScales: Float32Array,
): { readonly values: Int32Array; readonly scales: Float32Array } {
  const scales = weightScales.map((scale) => activationScale * scale);
  const values = Int32Array.from(bias, (value, index) =>
    clamp(roundHalfToEven(value / (scales[scales.length === 1 ? 0 : index] as number)), -(2 ** 31), 2 ** 31 - 1),
  );
  return { values, scales };
}
