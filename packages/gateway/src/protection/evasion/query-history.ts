import { type Fingerprinter, mixed } from './fingerprint.ts';

/** Rows that are remembered, each with how many variations of it were asked. */
const remembered = 64;
/** Bits that remember which rows were asked exactly. */
const exactBits = 8192;

/** What one caller, or cohort, has asked: about 2 KiB and a quarter for each word of a fingerprint. */
export interface QueryHistory {
  readonly fingerprints: Uint32Array;
  readonly variations: Uint32Array;
  readonly usedAt: Float64Array;
  count: number;
  readonly exact: Uint32Array;
  exactCount: number;
  tick: number;
  seenMs: number;
}

export function queryHistory({ parts }: Fingerprinter): QueryHistory {
  return {
    fingerprints: new Uint32Array(remembered * parts),
    variations: new Uint32Array(remembered),
    usedAt: new Float64Array(remembered),
    exact: new Uint32Array(exactBits / 32),
    ...{ count: 0, exactCount: 0, tick: 0, seenMs: 0 },
  };
}

/**
 * Whether exactly this row was asked before: repeating is no searching. It forgets when a quarter of its bits are set, so that of rows that were not,
 * at most one in sixteen is taken for one that was.
 * @param words the bits of the row
 */
export function wasAsked(history: QueryHistory, words: Uint32Array): boolean {
  const { exact } = history;
  let [one, two] = [0x2545f491, 0x1b873593];
  for (let at = 0; at < words.length; at += 1) {
    one = Math.imul(one ^ (words[at] as number), 0x01000193);
    two = (Math.imul(two, 31) + (words[at] as number)) | 0;
  }
  const [first, second] = [mixed(one) % exactBits, mixed(two) % exactBits];
  if (hasBit(exact, first) && hasBit(exact, second)) return true;
  if (history.exactCount > exactBits / 8) {
    exact.fill(0);
    history.exactCount = 0;
  }
  setBit(exact, first);
  setBit(exact, second);
  history.exactCount += 1;
  return false;
}

const hasBit = (set: Uint32Array, bit: number): boolean => ((set[bit >>> 5] as number) & (1 << (bit & 31))) !== 0;

function setBit(set: Uint32Array, bit: number): void {
  set[bit >>> 5] = (set[bit >>> 5] as number) | (1 << (bit & 31));
}

/**
 * Takes up a fingerprint: the row that it is a variation of counts one more; what is none is remembered in the place of the row that was used least lately.
 * @returns how many variations there are of that row
 */
export function countVariation(
  history: QueryHistory,
  of: Fingerprinter,
  fingerprint: Uint32Array,
  most: number,
): number {
  const { fingerprints, variations, usedAt } = history;
  history.tick += 1;
  let oldest = 0;
  for (let at = 0; at < history.count; at += 1) {
    if (of.difference(fingerprint, fingerprints, at * of.parts, most) <= most) {
      variations[at] = (variations[at] as number) + 1;
      usedAt[at] = history.tick;
      return variations[at] as number;
    }
    if ((usedAt[at] as number) < (usedAt[oldest] as number)) oldest = at;
  }
  const place = history.count < remembered ? history.count : oldest;
  history.count = Math.max(history.count, place + 1);
  fingerprints.set(fingerprint, place * of.parts);
  variations[place] = 0;
  usedAt[place] = history.tick;
  return 0;
}
