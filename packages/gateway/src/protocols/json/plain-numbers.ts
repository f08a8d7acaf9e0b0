import { malformed } from '../malformed.ts';
import { nearestOf } from './nearest-double.ts';

/** How many were read, and the place of what comes then. */
export interface PlainNumbers {
  count: number;
  end: number;
}

export interface PlainNumbersOptions {
  readonly into: Float64Array;
  /** Stops before a number with a fraction, and before one of more than 9 digits. */
  readonly isWholeOnly: boolean;
}

/** Digits that a whole number of 32 bits holds. */
const chunk = 9;
/** Before the point, so that with nine digits behind it all are exact. */
const largestWhole = 999_999;

/**
 * Reads numbers as nearly all are written: digits, perhaps a point and digits, then `,` or `]`. Stops before anything else, whether it is
 * a number or not: that is for `JsonReader.number`.
 *
 * @param from at the first byte of an item
 * @throws GatewayError HF_GATEWAY_MALFORMED for a comma before the end
 */
export function readPlainNumbers(
  bytes: Buffer,
  from: number,
  { into, isWholeOnly }: PlainNumbersOptions,
  read: PlainNumbers,
): void {
  let start = from;
  let count = 0;
  while (count < into.length) {
    const isNegative = bytes[start] === 0x2d;
    let value = wholeNumber(bytes, isNegative ? start + 1 : start, read);
    if (bytes[read.end] === 0x2e) {
      if (isWholeOnly || !(value <= largestWhole)) break;
      value = withFraction(bytes, read.end + 1, value, read);
    }
    const code = bytes[read.end];
    // Blanks before a comma are for the one who is called when this ends.
    if (Number.isNaN(value) || (code !== 0x2c && code !== 0x5d)) break;
    into[count] = isNegative ? -value : value;
    count += 1;
    start = read.end;
    if (code === 0x5d) break;
    start = afterBlanks(bytes, start + 1);
    if (bytes[start] === 0x5d) throw malformed('a value is expected', `body, byte ${start}`);
  }
  read.count = count;
  read.end = start;
}

/** A whole number; NaN when it is not plain. `read.end` is behind its digits. */
function wholeNumber(bytes: Buffer, from: number, read: PlainNumbers): number {
  let at = from;
  let value = 0;
  let digit = ((bytes[at] ?? 0) - 0x30) | 0;
  while (digit >>> 0 < 10) {
    value = (Math.imul(value, 10) + digit) | 0;
    digit = ((bytes[(at += 1)] ?? 0) - 0x30) | 0;
  }
  const length = at - from;
  read.end = at;
  return length === 0 || length > chunk || (length > 1 && bytes[from] === 0x30) ? Number.NaN : value;
}

/** The double nearest to `whole` and the fraction behind the point; NaN when it is not plain. `read.end` is behind its digits. */
function withFraction(bytes: Buffer, from: number, whole: number, read: PlainNumbers): number {
  let at = from;
  let head = 0;
  let digit = ((bytes[at] ?? 0) - 0x30) | 0;
  const pause = at + chunk;
  while (digit >>> 0 < 10 && at < pause) {
    head = (Math.imul(head, 10) + digit) | 0;
    digit = ((bytes[(at += 1)] ?? 0) - 0x30) | 0;
  }
  let tail = 0;
  while (digit >>> 0 < 10) {
    tail = (Math.imul(tail, 10) + digit) | 0;
    digit = ((bytes[(at += 1)] ?? 0) - 0x30) | 0;
  }
  const scale = at - from;
  read.end = at;
  if (scale === 0 || scale > 2 * chunk) return Number.NaN;
  const nearest =
    scale > chunk ? nearestOf(whole * 1e9 + head, tail, scale - chunk, scale) : nearestOf(whole, head, scale, scale);
  return nearest ?? Number.NaN;
}

function afterBlanks(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const code = bytes[at];
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}
