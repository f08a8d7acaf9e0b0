import type { ShingleSets } from './shingle-sets.ts';
import { mixed } from './shingles.ts';

/** How signatures are cut: so many bands of so many rows each. */
export interface Banding {
  readonly bands: number;
  readonly rows: number;
}

/** The hash of each band of each set, band after band: `hashes[band * count + set]`. */
export interface BandHashes {
  readonly bands: number;
  readonly hashes: Uint32Array;
}

/**
 * The hash of each band of each set's MinHash signature. Two sets agree in
 * a row of their signatures with a chance that is their Jaccard similarity. Hashes are those of the shingles with a seed,
 * mixed as MurmurHash3 does at its end.
 *
 * Where sets are large, by one permutation, else by as many as there are rows: whichever is less work, see {@link rowWork}.
 */
export function bandHashes(sets: ShingleSets, { bands, rows }: Banding, seed: number): BandHashes {
  const { values, starts, count } = sets;
  const bins = bands * rows;
  const size = (starts[count] ?? 0) / Math.max(1, count);
  const signature = size < bins / size ? new ManyPermutations(bins, seed) : new OnePermutation(bins, seed);
  const hashes = new Uint32Array(bands * count);
  for (let set = 0; set < count; set += 1) {
    signature.read(values, starts[set] ?? 0, starts[set + 1] ?? 0);
    for (let band = 0; band < bands; band += 1) {
      hashes[band * count + set] = bandHash(signature.rows, band * rows, rows);
    }
  }
  return { bands, hashes };
}

/** Hashes that a row of a signature takes: each of a set once more, or what one permutation draws until a bin is not empty. */
export const rowWork = (size: number, bins: number): number => Math.min(size, Math.max(1, bins / size));

interface Signature {
  readonly rows: Uint32Array;
  /** Of at least one value. */
  read(values: Uint32Array, start: number, end: number): void;
}

/** A. Z. Broder, "On the resemblance and containment of documents" (1997): each row the least of hashes of its own. */
class ManyPermutations implements Signature {
  readonly rows: Uint32Array;
  readonly #seeds: Uint32Array;

  constructor(rows: number, seed: number) {
    this.rows = new Uint32Array(rows);
    this.#seeds = Uint32Array.from({ length: rows }, (_, row) => mixed(mixed(seed) ^ Math.imul(row + 1, 0x9e3779b1)));
  }

  read(values: Uint32Array, start: number, end: number): void {
    const [rows, seeds] = [this.rows, this.#seeds];
    for (let row = 0; row < rows.length; row += 1) {
      const seed = seeds[row] ?? 0;
      let least = 0xffffffff;
      for (let at = start; at < end; at += 1) {
        const hash = mixed((values[at] ?? 0) ^ seed);
        if (hash < least) least = hash;
      }
      rows[row] = least;
    }
  }
}

/**
 * One permutation (P. Li, A. Owen, C.-H. Zhang, "One Permutation Hashing", 2012) cuts the range of a 32-bit hash into as
 * many bins as the signature has rows: the bin is the high half of hash · bins, the value the low half, the least one of a
 * bin is its row. An empty bin takes the value of a bin that is drawn for it, again until it is not empty (A. Shrivastava,
 * "Optimal Densification for Fast and Accurate Minwise Hashing", 2017).
 */
class OnePermutation implements Signature {
  readonly #bins: number;
  readonly #seed: number;
  readonly #least: Float64Array;
  readonly rows: Uint32Array;

  constructor(bins: number, seed: number) {
    this.#bins = bins;
    this.#seed = mixed(seed);
    this.#least = new Float64Array(bins);
    this.rows = new Uint32Array(bins);
  }

  read(values: Uint32Array, start: number, end: number): void {
    const [least, bins, seed] = [this.#least, this.#bins, this.#seed];
    least.fill(empty);
    for (let at = start; at < end; at += 1) {
      const product = mixed((values[at] ?? 0) ^ seed) * bins;
      const bin = Math.floor(product / 2 ** 32);
      const value = product >>> 0;
      if (value < (least[bin] ?? 0)) least[bin] = value;
    }
    for (let bin = 0; bin < bins; bin += 1) this.rows[bin] = least[this.#donor(bin)] ?? 0;
  }

  #donor(bin: number): number {
    let donor = bin;
    for (let attempt = 1; this.#least[donor] === empty; attempt += 1) {
      const drawn = mixed(Math.imul(bin + 1, 0x9e3779b1) ^ Math.imul(attempt, 0x7feb352d) ^ this.#seed);
      donor = Math.floor((drawn * this.#bins) / 2 ** 32);
    }
    return donor;
  }
}

function bandHash(signature: Uint32Array, start: number, rows: number): number {
  let hash = start;
  for (let at = start; at < start + rows; at += 1) {
    hash = Math.imul(hash ^ (signature[at] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return mixed(hash);
}

/** Above every value. */
const empty = 2 ** 32;
