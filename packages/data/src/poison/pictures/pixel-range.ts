import { DataError } from '../../errors.ts';

/** Pixels from 0 to 1, and what has to be said about how they became so. */
export interface Ranged {
  readonly values: Float32Array;
  readonly left: readonly string[];
}

/** How much of the range of all pixels the usual ones take at least. */
const leastSpread = 1 / 16;
/** Of the pixels, how many at either end are not usual. */
const unusual = 0.001;
/** Pixels that are sorted to see what is usual. */
const mostSorted = 100_000;

/**
 * Pixels from 0 to 1: bytes by 255, what is from 0 to 1 as it is, and anything else from the least to the greatest of all. A few pixels far
 * from all others would press what the others show into one value; that is said, since nothing could be found then.
 *
 * @throws DataError HF_DATA_IMAGES for a pixel that is no finite number
 */
export function rangedPixels(values: Float32Array, areBytes: boolean): Ranged {
  if (areBytes) {
    if (values.every((value) => value >= 0)) return { values: values.map((value) => value / 255), left: [] };
  }
  const odd = values.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0)
    throw new DataError('HF_DATA_IMAGES', `pixel \`${odd}\` of all is \`${values[odd]}\`, no finite number`);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (least >= 0 && most <= 1) return { values, left: [] };
  const spread = most - least;
  if (!(spread > 0)) return { values: new Float32Array(values.length), left: [] };
  return {
    values: values.map((value) => Math.min(1, Math.max(0, (value - least) / spread))),
    left: farPixels(values, [least, most]),
  };
}

/** What has to be said where a few pixels lie far from all others; nothing where none does. */
export function farPixels(values: Float32Array, [least, most]: readonly [number, number]): readonly string[] {
  return usualSpread(values) < leastSpread * (most - least) ? [far(least, most)] : [];
}

const far = (least: number, most: number): string =>
  `nearly all pixels lie in less than a sixteenth of their range (${least} to ${most}): triggers in so little are not seen`;

function usualSpread(values: Float32Array): number {
  const step = Math.max(1, Math.floor(values.length / mostSorted));
  const some = Float32Array.from({ length: Math.ceil(values.length / step) }, (_, at) => values[at * step] ?? 0).sort();
  const end = Math.floor(unusual * some.length);
  return (some[some.length - 1 - end] ?? 0) - (some[end] ?? 0);
}
