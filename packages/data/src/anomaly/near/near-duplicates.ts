import { differingCells, hasRowBands } from './row-bands.ts';
import { ShingleSets } from './shingle-sets.ts';
import { type ShingleOptions, Shingler } from './shingles.ts';
import { type SimilarResult, similarPairs, similarRows } from './similar-pairs.ts';

export interface NearOptions {
  /** The least Jaccard similarity of the shingles of two documents, above 0 and at most 1. */
  readonly threshold: number;
  readonly shingles: ShingleOptions;
  /** Bytes that the shingles may take. */
  readonly memory?: number;
  /** Pairs of documents that may be compared. */
  readonly comparisons?: number;
  /** What has the very same shingles is no pair: somebody else looks for it. */
  readonly ignoresEqual?: boolean;
  /** Of rows: how many cells each has. */
  readonly cells?: number;
  readonly signal?: AbortSignal;
}

export interface NearResult extends SimilarResult {
  /** Documents that were compared: those that have a shingle, and for which there was room. */
  readonly documents: number;
  /** Documents for which there was no room; those after them were not looked at either. */
  readonly left: number;
}

const defaults = { memory: 2 ** 29, comparisons: 5e8 };

/**
 * Documents that are nearly the same: collects what is added, one after the other, then finds pairs of it. Documents are
 * known by the numbers that they are added with.
 *
 * @example
 * ```ts
 * import { NearDuplicates } from '@holdfast/data/anomaly/near/near-duplicates';
 *
 * const near = new NearDuplicates({ threshold: 0.8, shingles: { of: 'words', size: 3 } });
 * near.add(1, 'the quick brown fox jumps over the lazy dog');
 * near.add(2, 'The quick brown fox jumps over the lazy dog!');
 * near.pairs((one, other) => console.log(one, other)); // 1 2
 * ```
 */
export class NearDuplicates {
  readonly #options: NearOptions;
  readonly #shingler: Shingler;
  /** Of rows that are few cells apart: of how many; they are kept in order, and none is missed. */
  readonly #differing: number | undefined;
  readonly #sets: ShingleSets;
  /** By set: the documents that have it. Most have one. */
  readonly #first: number[] = [];
  readonly #more = new Map<number, number[]>();
  #from: number | undefined;
  #documents = 0;
  #left = 0;

  constructor(options: NearOptions) {
    this.#options = options;
    const differing = options.cells === undefined ? 0 : differingCells(options.cells, options.threshold);
    this.#differing = hasRowBands(differing) ? differing : undefined;
    this.#shingler = new Shingler(options.shingles);
    this.#sets = new ShingleSets(options.memory ?? defaults.memory);
  }

  /** A text. One without a letter or digit has nothing to be compared. */
  add(document: number, text: string): void {
    if (this.#left > 0) this.#left += 1;
    else {
      this.#shingler.read(text);
      this.#keep(document);
    }
  }

  /** A row, of its cells' hashes. */
  addRow(document: number, cells: readonly number[]): void {
    if (this.#left > 0) this.#left += 1;
    else {
      if (this.#differing === undefined) this.#shingler.readParts(cells);
      else this.#shingler.readCells(cells);
      this.#keep(document);
    }
  }

  /** From now on documents are those that are looked for among the ones before; neither are compared among themselves. */
  startAgainst(): void {
    this.#from = this.#sets.count;
    this.#more.clear();
  }

  /**
   * Each pair once, the one that was added first in front. What has the very same shingles is a pair, too: of a document
   * that is there `m` times, the first one with each of the others.
   *
   * @throws the reason of the signal, when it is aborted
   */
  pairs(found: (one: number, other: number) => void): NearResult {
    const from = this.#from;
    for (const [set, others] of this.#options.ignoresEqual === true ? [] : this.#more) {
      if (from === undefined || set < from) for (const other of others) found(this.#first[set] ?? 0, other);
    }
    const result = this.#search((one, other) => {
      found(this.#first[one] ?? 0, this.#first[other] ?? 0);
      if (from !== undefined) for (const more of this.#more.get(other) ?? []) found(this.#first[one] ?? 0, more);
    });
    return { ...result, documents: this.#documents, left: this.#left };
  }

  #search(found: (one: number, other: number) => void): SimilarResult {
    const { threshold, comparisons: most = defaults.comparisons, signal, cells = 0 } = this.#options;
    const from = this.#from;
    const options = { most, ...(signal === undefined ? {} : { signal }), ...(from === undefined ? {} : { from }) };
    if (this.#differing !== undefined) return similarRows(this.#sets, cells, this.#differing, options, found);
    return similarPairs(this.#sets, { ...options, threshold }, found);
  }

  #keep(document: number): void {
    const { hashes, count } = this.#shingler;
    if (count === 0) return;
    const before = this.#sets.count;
    const set = this.#sets.add(hashes, count);
    if (set === undefined) {
      this.#left = 1;
      return;
    }
    this.#documents += 1;
    if (set === before) this.#first.push(document);
    else this.#repeat(set, document);
  }

  #repeat(set: number, document: number): void {
    const known = this.#more.get(set);
    if (known === undefined) this.#more.set(set, [document]);
    else known.push(document);
  }
}
