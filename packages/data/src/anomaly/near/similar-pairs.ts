import { randomOf } from '@holdfast/statistics';
import { bandingFor } from './banding.ts';
import { isSimilar, jaccard } from './jaccard.ts';
import type { ShingleSets } from './shingle-sets.ts';
import { type Banding, bandHashes } from './signature.ts';

export interface SimilarOptions {
  /** The least Jaccard similarity, above 0 and at most 1. */
  readonly threshold: number;
  /** Sets from this number on are each compared with those before it, and not among themselves; of all, unless given. */
  readonly from?: number;
  /** How many pairs may be compared. */
  readonly most: number;
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

export interface SimilarResult {
  readonly banding: Banding;
  /** Pairs that were compared hash by hash. */
  readonly compared: number;
  /** Whether all candidates were compared, and not only as many as may be. */
  readonly isWhole: boolean;
}

/**
 * Pairs of sets whose Jaccard similarity is at least the threshold, each once, through locality-sensitive hashing: what
 * agrees in a band of its MinHash signature is compared hash by hash. None is given that is not similar; a pair at the
 * threshold is missed with a chance of at most 0.4 %, one above it more seldom.
 */
export function similarPairs(
  sets: ShingleSets,
  options: SimilarOptions,
  found: (one: number, other: number) => void,
): SimilarResult {
  const { threshold, from, most, seed = 1, signal } = options;
  const banding = bandingFor(threshold, workOf(sets, from), sampled(sets, from, seed));
  const hashes = bandHashes(sets, banding, seed);
  const search = new Search(sets, hashes, threshold, most, found);
  for (let band = 0; band < banding.bands && search.isWhole; band += 1) {
    signal?.throwIfAborted();
    search.band(band, from);
  }
  return { banding, compared: search.compared, isWhole: search.isWhole };
}

function workOf({ count, starts }: ShingleSets, from: number | undefined): Parameters<typeof bandingFor>[1] {
  const pairs = from === undefined ? (count * (count - 1)) / 2 : from * (count - from);
  return { sets: count, size: Math.max(1, (starts[count] ?? 0) / Math.max(1, count)), pairs };
}

/** The similarity of some pairs, drawn at random. */
function sampled(sets: ShingleSets, from: number | undefined, seed: number): number[] {
  const random = randomOf(seed).fork('pairs');
  const [before, after] = from === undefined ? [sets.count, sets.count] : [from, sets.count - from];
  if (before === 0 || after === 0 || sets.count < 2) return [];
  const size = (sets.starts[sets.count] ?? 0) / sets.count;
  return Array.from({ length: Math.max(20, Math.min(2000, Math.floor(4e6 / size))) }, () => {
    const one = random.integer(before);
    const other = random.integer(after) + (from ?? 0);
    return one === other ? 0 : jaccard(sets, one, other);
  });
}

class Search {
  compared = 0;
  isWhole = true;
  readonly #sets: ShingleSets;
  readonly #hashes: Uint32Array;
  readonly #threshold: number;
  readonly #most: number;
  readonly #found: (one: number, other: number) => void;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;

  constructor(
    sets: ShingleSets,
    hashes: Uint32Array,
    threshold: number,
    most: number,
    found: (one: number, other: number) => void,
  ) {
    this.#sets = sets;
    this.#hashes = hashes;
    this.#threshold = threshold;
    this.#most = most;
    this.#found = found;
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, 2 * sets.count))));
    this.#next = new Int32Array(sets.count);
  }

  /** One band at a time: one table is enough for all. */
  band(band: number, from: number | undefined): void {
    const { count } = this.#sets;
    const mask = this.#heads.length - 1;
    const start = band * count;
    this.#heads.fill(-1);
    for (let set = 0; set < count; set += 1) {
      const slot = (this.#hashes[start + set] ?? 0) & mask;
      if (from === undefined || set >= from) this.#bucket(band, set, this.#heads[slot] ?? -1);
      if (!this.isWhole) return;
      if (from !== undefined && set >= from) continue;
      this.#next[set] = this.#heads[slot] ?? -1;
      this.#heads[slot] = set;
    }
  }

  #bucket(band: number, set: number, head: number): void {
    const { count } = this.#sets;
    const hash = this.#hashes[band * count + set];
    for (let other = head; other >= 0; other = this.#next[other] ?? -1) {
      if (this.#hashes[band * count + other] !== hash || this.#wasCompared(band, set, other)) continue;
      if (this.compared === this.#most) {
        this.isWhole = false;
        return;
      }
      this.compared += 1;
      if (isSimilar(this.#sets, set, other, this.#threshold)) this.#found(other, set);
    }
  }

  /** In a band before this one. */
  #wasCompared(band: number, one: number, other: number): boolean {
    const { count } = this.#sets;
    for (let at = 0; at < band * count; at += count) {
      if (this.#hashes[at + one] === this.#hashes[at + other]) return true;
    }
    return false;
  }
}
