/** Powers of ten that a double holds exactly. */
const powersOfTen: readonly number[] = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

const splitter = 2 ** 27 + 1;
const nearlyOne = 1 + 2 ** -40;
const firstInexact = 2 ** 53;

/** What `product`, the rounded product of two doubles, lacks (Dekker 1971); both below 2^996. */
function productError(left: number, right: number, product: number): number {
  const scaledLeft = left * splitter;
  const leftHigh = scaledLeft - (scaledLeft - left);
  const leftLow = left - leftHigh;
  const scaledRight = right * splitter;
  const rightHigh = scaledRight - (scaledRight - right);
  const rightLow = right - rightHigh;
  return leftLow * rightLow - (product - leftHigh * rightHigh - leftLow * rightHigh - leftHigh * rightLow);
}

/**
 * The double nearest to `(head · 10^shift + tail) / 10^scale`, ties to even; undefined when that takes more precision than is at hand.
 *
 * @param head whole, below 10^15
 * @param tail whole, below 10^shift
 * @param shift 9 at most
 * @param scale 22 at most
 */
export function nearestOf(head: number, tail: number, shift: number, scale: number): number | undefined {
  const factor = powersOfTen[shift] as number;
  const mantissa = head * factor + tail;
  const power = powersOfTen[scale] as number;
  // Both are exact, so that the quotient is the nearest double (Clinger 1990).
  if (mantissa < firstInexact) return mantissa / power;
  return quotient(head, tail, factor, power);
}

/**
 * `(head · shift + tail) / power` in twice the precision of a double; undefined where what is left over does not decide the last bit
 * (Ziv's test).
 */
function quotient(head: number, tail: number, shift: number, power: number): number | undefined {
  const shifted = head * shift;
  const mantissa = shifted + tail;
  // Whole numbers below 2^80: the sum of both halves is exact.
  const added = mantissa - shifted;
  const lacking = shifted - (mantissa - added) + (tail - added) + productError(head, shift, shifted);
  const first = mantissa / power;
  const back = first * power;
  const rest = (mantissa - back - productError(first, power, back) + lacking) / power;
  const nearest = first + rest;
  const left = rest - (nearest - first);
  return nearest + left * nearlyOne === nearest ? nearest : undefined;
}

/** The double nearest to a number of RFC 8259 section 6, which stands in `bytes` from `from` to `to`. */
export const nearestDouble = (bytes: Buffer, from: number, to: number): number =>
  Number(bytes.toString('latin1', from, to));
