/** A float64 beside the decimals of a scale. */
export interface DecimalBound {
  /** The largest decimal of the scale that is not above it, written out. */
  readonly floor: string;
  /** Whether they are the same number. */
  readonly isExact: boolean;
}

/** Python compares decimals with float64 exactly: 0.1 is above `Decimal('0.1')`. */
export function decimalBound(value: number, scale: number): DecimalBound {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(value));
  const bits = view.getBigUint64(0);
  const [biased, fraction] = [Number(bits >> 52n), bits & (2n ** 52n - 1n)];
  const mantissa = biased === 0 ? fraction : fraction | (2n ** 52n);
  const exponent = Math.max(biased, 1) - 1075;
  const numerator = mantissa * 10n ** BigInt(scale) * 2n ** BigInt(Math.max(exponent, 0)) * (value < 0 ? -1n : 1n);
  const denominator = 2n ** BigInt(Math.max(-exponent, 0));
  const [quotient, rest] = [numerator / denominator, numerator % denominator];
  return { floor: written(rest < 0n ? quotient - 1n : quotient, scale), isExact: rest === 0n };
}

function written(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`;
}
