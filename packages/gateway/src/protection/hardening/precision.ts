import type { Datatype } from '../../protocols/inference.ts';

/** The number that a tensor holds where it is given this one. */
export type Precision = (value: number) => number;

export function precisionOf(datatype: Datatype): Precision {
  return datatype === 'FP16' ? toHalf : datatype === 'FP32' ? Math.fround : Number;
}

/** The nearest of IEEE 754 binary16, as a number. */
function toHalf(value: number): number {
  const size = Math.abs(value);
  if (!(size > 0 && size < Number.POSITIVE_INFINITY)) return value;
  // Adding and taking away what leaves 10 binary digits behind the first rounds to even.
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  const shift = 1.5 * 2 ** (exponent + 42);
  const rounded = size + shift - shift;
  return Math.sign(value) * (rounded > 65504 ? Number.POSITIVE_INFINITY : rounded);
}
