import { randomOf } from '@holdfast/statistics';
import { bandingFor } from './banding.ts';
import { isSimilar, jaccard } from './jaccard.ts';
import { differsLittle, rowBands } from './row-bands.ts';
import type { ShingleSets } from './shingle-sets.ts';
import { type BandHashes, bandHashes } from './signature.ts';

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
  readonly bands: number;
  /** Pairs that were compared hash by hash. */
  readonly compared: number;
  /** Whether all candidates were compared, and not only as many as may be. */
  readonly isWhole: boolean;
}

type Pair<Result> = (one: number, other: number) => Result;

/**
 * Pairs of sets whose Jaccard similarity is at least the threshold, each once, through locality-sensitive hashing: what
 * agrees in a band of its MinHash signature is compared hash by hash. None is given that is not similar; a pair at the
 * threshold is missed with a chance of at most 0.4 %, one above it more seldom.
 */
export function similarPairs(sets: ShingleSets, options: SimilarOptions, found: Pair<void>): SimilarResult {
  const { threshold, from, seed = 1 } = options;
  const banding = bandingFor(threshold, workOf(sets, from), sampled(sets, from, seed));
  const isPair: Pair<boolean> = (one, other) => isSimilar(sets, one, other, threshold);
  return pairsInBands(sets.count, bandHashes(sets, banding, seed), { ...options, isPair }, found);
}

/** The same of rows, given as their cells in order: pairs that differ in at most `differing` cells, of which none is missed. */
export function similarRows(
  rows: ShingleSets,
  cells: number,
  differing: number,
  options: Omit<SimilarOptions, 'threshold'>,
  found: Pair<void>,
): SimilarResult {
  const isPair = differsLittle(rows, cells, differing);
  return pairsInBands(rows.count, rowBands(rows, cells, differing), { ...options, isPair }, found);
}

interface SearchOptions extends Omit<SimilarOptions, 'threshold' | 'seed'> {
  readonly isPair: Pair<boolean>;
}

function pairsInBands(count: number, hashes: BandHashes, options: SearchOptions, found: Pair<void>): SimilarResult {
  const { bands } = hashes;
  const search = new Search(count, hashes, options, found);
  for (let band = 0; band < bands && search.isWhole; band += 1) {
    options.signal?.throwIfAborted();
    search.band(band);
  }
  return { bands, compared: search.compared, isWhole: search.isWhole };
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
  readonly #count: number;
  readonly #hashes: Uint32Array;
  readonly #options: SearchOptions;
  readonly #found: Pair<void>;
  readonly #heads: Int32Array;
  readonly #next: Int32Array;

  constructor(count: number, { hashes }: BandHashes, options: SearchOptions, found: Pair<void>) {
    this.#count = count;
    this.#hashes = hashes;
    this.#options = options;
    this.#found = found;
    this.#heads = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, 2 * count))));
    this.#next = new Int32Array(count);
  }

  /** One band at a time: one table is enough for all. */
  band(band: number): void {
    const { from } = this.#options;
    const mask = this.#heads.length - 1;
    const start = band * this.#count;
    this.#heads.fill(-1);
    for (let set = 0; set < this.#count; set += 1) {
      const slot = (this.#hashes[start + set] ?? 0) & mask;
      if (from === undefined || set >= from) this.#bucket(start, set, this.#heads[slot] ?? -1);
      if (!this.isWhole) return;
      if (from !== undefined && set >= from) continue;
      this.#next[set] = this.#heads[slot] ?? -1;
      this.#heads[slot] = set;
    }
  }

  #bucket(start: number, set: number, head: number): void {
    const hash = this.#hashes[start + set];
    for (let other = head; other >= 0; other = this.#next[other] ?? -1) {
      if (this.#hashes[start + other] !== hash || this.#wasCompared(start, set, other)) continue;
      if (this.compared === this.#options.most) {
        this.isWhole = false;
        return;
      }
      this.compared += 1;
      if (this.#options.isPair(set, other)) this.#found(other, set);
    }
  }

  /** In a band before this one. */
  #wasCompared(start: number, one: number, other: number): boolean {
    for (let at = 0; at < start; at += this.#count) {
      if (this.#hashes[at + one] === this.#hashes[at + other]) return true;
    }
    return false;
  }
}
