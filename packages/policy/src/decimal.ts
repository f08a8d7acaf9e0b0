/** Largest and smallest Cedar decimal times 10,000: a signed 64-bit integer. */
const most = 2n ** 63n - 1n;
const least = -(2n ** 63n);

/**
 * A number as a Cedar decimal with four fractional digits, or undefined where there is none (NaN, infinite, beyond
 * ±922337203685477.58).
 *
 * The number meant is the one that is written in the evidence: the shortest decimal that reads back as the same
 * double. So 0.7 is 0.7000, although the double lies a little below it. `down` rounds towards −∞, `up` towards +∞.
 *
 * Source: https://docs.cedarpolicy.com/policies/syntax-datatypes.html#datatype-decimal
 */
export function toDecimal(value: number, direction: 'down' | 'up'): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value));
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${sign ?? ''}${whole}${fraction}`);
  const scaled = scaleBy(digits, Number(exponent) - fraction.length + 4, direction);
  if (scaled < least || scaled > most) return undefined;
  const magnitude = (scaled < 0n ? -scaled : scaled).toString().padStart(5, '0');
  return `${scaled < 0n ? '-' : ''}${magnitude.slice(0, -4)}.${magnitude.slice(-4)}`;
}

/** digits × 10^power, rounded to an integer; |power| is at most about 330 for doubles. */
function scaleBy(digits: bigint, power: number, direction: 'down' | 'up'): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  const quotient = digits / divisor;
  const remainder = digits % divisor;
  if (direction === 'down') return remainder < 0n ? quotient - 1n : quotient;
  return remainder > 0n ? quotient + 1n : quotient;
}
