/** An exact decimal: `units` · 10^−`scale`, with `scale` ≥ 0. */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
}

const written = /^([+-]?)(\d{1,400})(?:\.(\d{0,400}))?(?:e([+-]?\d{1,3}))?$/i;

/** The number that a text says, exactly; undefined of one that is not finite, or has more than 400 digits. */
export function decimalOf(text: string): Decimal | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = written.exec(text.trim()) ?? [];
  if (sign === undefined) return undefined;
  const units = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale };
}

/** The units of numbers on a scale that all of them have. */
export function onOneScale(numbers: readonly Decimal[]): { readonly units: readonly bigint[]; readonly scale: number } {
  const scale = Math.max(0, ...numbers.map((each) => each.scale));
  return { scale, units: numbers.map((each) => each.units * 10n ** BigInt(scale - each.scale)) };
}

/** The number without zeros at the end, never with an exponent. */
export function decimalText({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The largest whole number ≤ `value` / `divisor`; `divisor` > 0. */
export function floorDivision(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
