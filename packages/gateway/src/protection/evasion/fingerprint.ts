import { randomOf } from '@holdfast/statistics';

/** How values are made coarse. Plain JSON. */
export interface EvasionState {
  readonly kind: 'evasion/v1';
  readonly features: readonly string[];
  /** Values within one step are the same, mostly; 0 where only equal ones are. */
  readonly steps: readonly number[];
  /** Means. */
  readonly centres: readonly number[];
  /** In so many places, or bits, two rows may differ that are variations of one another: ordinary pairs do once in ten thousand. */
  readonly most: number;
}

/** Of more features, signs of random sums take their place. */
export const mostSingle = 64;
const signBits = 128;
/** Features in a sum, about: of fewer, those that do not vary leave the sign to noise. */
const perSum = 64;

export interface Fingerprinter {
  /** Words of a fingerprint. */
  readonly parts: number;
  /** Writes the fingerprint of a row. */
  readonly write: (row: Float64Array, into: Uint32Array) => void;
  /** Units that are compared: places, or bits. */
  readonly units: number;
  /**
   * In how many units two fingerprints differ, or one more than `most` as soon as it is more.
   * @param from where the second begins
   */
  readonly difference: (a: Uint32Array, b: Uint32Array, from: number, most: number) => number;
}

/**
 * What is left of a row when small changes do not count. Of a table the set of its quantised features, as H. Li et al., "Blacklight: Scalable Defense for
 * Neural Networks against Query-Based Black-Box Attacks" (USENIX Security 2022), have it of pixels; of more than 64 features the signs of 128 random sums of
 * them (M. S. Charikar, "Similarity estimation techniques from rounding algorithms", 2002): windows of pixels, as there, lose each other where noise
 * is in all of them.
 */
export function fingerprinter({ steps, centres }: Pick<EvasionState, 'steps' | 'centres'>): Fingerprinter {
  if (steps.length > mostSingle) return signs(Float64Array.from(centres), Float64Array.from(steps));
  const factors = Float64Array.from(steps, (step) => (step > 0 ? 1 / step : 0));
  return {
    parts: steps.length,
    units: steps.length,
    write: (row, into) => {
      for (let at = 0; at < row.length; at += 1) into[at] = partOf(row[at] as number, factors[at] as number);
    },
    difference: differentPlaces,
  };
}

const bits = new DataView(new ArrayBuffer(8));

/** The step that a value lies in, or the value itself, in 32 bits. */
function partOf(value: number, factor: number): number {
  bits.setFloat64(0, factor === 0 ? value : Math.round(value * factor));
  return mixed(bits.getUint32(0) ^ Math.imul(bits.getUint32(4), 0x9e3779b1));
}

/** The end of MurmurHash3 (A. Appleby): each bit of what goes in changes half of those that come out. */
export function mixed(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function differentPlaces(a: Uint32Array, b: Uint32Array, from: number, most: number): number {
  let different = 0;
  for (let at = 0; at < a.length; at += 1) {
    if (a[at] === b[from + at]) continue;
    different += 1;
    if (different > most) return different;
  }
  return different;
}

/** Each feature stands in some of the sums, with one sign or the other: about 8,192 additions, or four for each feature. */
function signs(centres: Float64Array, steps: Float64Array): Fingerprinter {
  const random = randomOf('evasion sums');
  const sums = Math.max(4, Math.ceil((perSum * signBits) / centres.length));
  const places = Uint8Array.from({ length: centres.length * sums }, () => random.integer(signBits));
  const factors = Float64Array.from(places, (_, at) => {
    const step = steps[Math.floor(at / sums)] as number;
    return step > 0 ? (random.uniform() < 0.5 ? 1 : -1) / step : 0;
  });
  const totals = new Float64Array(signBits);
  return {
    parts: signBits / 32,
    units: signBits,
    write: (row, into) => {
      totals.fill(0);
      for (let at = 0, index = 0; at < row.length; at += 1) {
        const off = (row[at] as number) - (centres[at] as number);
        for (let each = 0; each < sums; each += 1, index += 1) {
          const place = places[index] as number;
          totals[place] = (totals[place] as number) + off * (factors[index] as number);
        }
      }
      into.fill(0);
      for (let bit = 0; bit < signBits; bit += 1) {
        if ((totals[bit] as number) > 0) into[bit >>> 5] = (into[bit >>> 5] as number) | (1 << (bit & 31));
      }
    },
    difference: differentBits,
  };
}

function differentBits(a: Uint32Array, b: Uint32Array, from: number, most: number): number {
  let different = 0;
  for (let at = 0; at < a.length && different <= most; at += 1) {
    different += bitCount((a[at] as number) ^ (b[from + at] as number));
  }
  return different;
}

/** H. S. Warren, "Hacker's Delight" (2012), section 5-1. */
function bitCount(word: number): number {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
