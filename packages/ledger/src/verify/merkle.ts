import type { Cryptography } from './cryptography.ts';
import { equal } from './encoding.ts';
import { LedgerError } from './errors.ts';

/** Length of every hash in the tree. */
export const hashLength = 32;

/** A tree head without its signature. */
export interface TreeHead {
  /** Number of leaves. */
  readonly size: number;
  /** Merkle Tree Hash, 32 bytes. */
  readonly rootHash: Uint8Array;
}

/** That the leaf with this hash is at `index` of the tree of `size` leaves. */
export interface InclusionClaim {
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  /** Sibling hashes from the leaf upwards (RFC 6962, section 2.1.1). */
  readonly proof: readonly Uint8Array[];
}

/** Hash of a leaf: SHA-256(0x00 ‖ entry), RFC 6962 and 9162, section 2.1.1. */
export function leafHash(entry: Uint8Array, cryptography: Cryptography): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return cryptography.sha256(input);
}

/** Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), RFC 6962 and 9162, section 2.1.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array, cryptography: Cryptography): Uint8Array {
  const input = new Uint8Array(1 + 2 * hashLength);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + hashLength);
  return cryptography.sha256(input);
}

/**
 * The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2). Nothing is proven before it has been compared
 * with a signed root: see {@link verifyInclusion}.
 *
 * @throws LedgerError HF_LEDGER_INCLUSION_INVALID when the proof is too short or too long, or holds no hashes
 */
export function rootFromInclusion(claim: InclusionClaim, cryptography: Cryptography): Uint8Array {
  const { index, size, proof } = claim;
  if (!isIndex(index) || !isIndex(size) || index >= size) throw notIncluded(`index ${index} is outside ${size} leaves`);
  if (![claim.leafHash, ...proof].every(isHash)) throw notIncluded('a hash is not 32 bytes');
  let fn = index;
  let sn = size - 1;
  let root = claim.leafHash;
  for (const sibling of proof) {
    if (sn === 0) throw notIncluded('the proof is too long');
    if (fn % 2 === 1 || fn === sn) {
      root = nodeHash(sibling, root, cryptography);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      root = nodeHash(root, sibling, cryptography);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw notIncluded('the proof is too short');
  return root;
}

/**
 * Checks that a leaf is in the tree with this root.
 *
 * @throws LedgerError HF_LEDGER_INCLUSION_INVALID
 * @example
 * ```ts
 * import { nodeCryptography } from '@holdfast/ledger';
 * import { leafHash, verifyInclusion } from '@holdfast/ledger/verify/index';
 *
 * const leaf = leafHash(new TextEncoder().encode('the only entry'), nodeCryptography);
 * verifyInclusion({ leafHash: leaf, index: 0, size: 1, rootHash: leaf, proof: [] }, nodeCryptography);
 * ```
 */
export function verifyInclusion(claim: InclusionClaim & TreeHead, cryptography: Cryptography): void {
  if (!equal(rootFromInclusion(claim, cryptography), claim.rootHash)) {
    throw notIncluded(`the proof for index ${claim.index} leads to another root`);
  }
}

/**
 * Checks that the tree `to` begins with the tree `from` (RFC 9162, section 2.1.4.2).
 *
 * @throws LedgerError HF_LEDGER_CONSISTENCY_INVALID
 */
export function verifyConsistency(
  claim: { readonly from: TreeHead; readonly to: TreeHead; readonly proof: readonly Uint8Array[] },
  cryptography: Cryptography,
): void {
  const { from, to, proof } = claim;
  if (!isIndex(from.size) || !isIndex(to.size) || from.size > to.size) {
    throw inconsistent(`a tree of ${to.size} leaves cannot continue one of ${from.size}`);
  }
  if (![from.rootHash, to.rootHash, ...proof].every(isHash)) throw inconsistent('a hash is not 32 bytes');
  if (from.size === 0 || from.size === to.size) {
    // RFC 9162 defines no proof for these two; the only proof that can be meant is the empty one.
    if (proof.length > 0) throw inconsistent('the proof is too long');
    const expected = from.size === to.size ? to.rootHash : cryptography.sha256(new Uint8Array());
    if (!equal(from.rootHash, expected)) throw inconsistent(`two roots for the same ${from.size} leaves`);
    return;
  }
  const [fr, sr] = rootsFromConsistency(from, to, proof, cryptography);
  if (!equal(fr, from.rootHash)) throw inconsistent(`the proof leads to another root at ${from.size} leaves`);
  if (!equal(sr, to.rootHash)) throw inconsistent(`the proof leads to another root at ${to.size} leaves`);
}

function rootsFromConsistency(
  from: TreeHead,
  to: TreeHead,
  proof: readonly Uint8Array[],
  cryptography: Cryptography,
): readonly [Uint8Array, Uint8Array] {
  let fn = from.size - 1;
  let sn = to.size - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  // fn is 0 exactly when from.size is a power of two: its root is then a node of the larger tree, and left out.
  const [first, ...rest] = fn === 0 ? [from.rootHash, ...proof] : proof;
  if (first === undefined) throw inconsistent('the proof is too short');
  let fr = first;
  let sr = first;
  for (const hash of rest) {
    if (sn === 0) throw inconsistent('the proof is too long');
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(hash, fr, cryptography);
      sr = nodeHash(hash, sr, cryptography);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, hash, cryptography);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) throw inconsistent('the proof is too short');
  return [fr, sr];
}

// Sizes go up to 2^53: the bit operators of JavaScript would cut them to 32 bits.
function half(value: number): number {
  return Math.floor(value / 2);
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: Uint8Array): boolean {
  return value.length === hashLength;
}

function notIncluded(why: string): LedgerError {
  return new LedgerError('HF_LEDGER_INCLUSION_INVALID', `inclusion is not proven: ${why}`);
}

function inconsistent(why: string): LedgerError {
  return new LedgerError('HF_LEDGER_CONSISTENCY_INVALID', `consistency is not proven: ${why}`);
}
