import type { Cryptography } from './cryptography.ts';
import { nodeHash } from './merkle.ts';

/** Told of every complete subtree that a push finishes: its height (0 is a leaf) and its hash. */
export type OnNode = (height: number, hash: Uint8Array) => void;

/**
 * The hashes of the largest complete subtrees of a tree, left to right: one per 1-bit of its size. It is all that
 * appending needs to know, and the stack of RFC 9162, section 2.1.2 ("Verifying a Tree Head Given Entries").
 */
export class CompactRange {
  readonly #cryptography: Cryptography;
  readonly #stack: Uint8Array[];
  #size: number;

  /** Begins with the empty tree, or with the `hashes` of a tree of `size` leaves. */
  constructor(cryptography: Cryptography, size = 0, hashes: readonly Uint8Array[] = []) {
    this.#cryptography = cryptography;
    this.#size = size;
    this.#stack = [...hashes];
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** The hashes of the largest complete subtrees, left to right. */
  get peaks(): readonly Uint8Array[] {
    return [...this.#stack];
  }

  /** Adds a leaf hash, and tells `onNode` of every subtree that it completes, lowest first. */
  push(leafHash: Uint8Array, onNode?: OnNode): void {
    let hash = leafHash;
    let height = 0;
    onNode?.(height, hash);
    for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = this.#stack.pop();
      if (left === undefined) throw new RangeError('compact range has fewer hashes than its size has bits');
      hash = nodeHash(left, hash, this.#cryptography);
      onNode?.(++height, hash);
    }
    this.#stack.push(hash);
    this.#size++;
  }

  /** The Merkle Tree Hash (RFC 9162, section 2.1.1); for the empty tree the hash of nothing. */
  root(): Uint8Array {
    const stack = [...this.#stack];
    let root = stack.pop();
    if (root === undefined) return this.#cryptography.sha256(new Uint8Array());
    for (let left = stack.pop(); left !== undefined; left = stack.pop())
      root = nodeHash(left, root, this.#cryptography);
    return root;
  }
}

/** The Merkle Tree Hash over these leaf hashes (RFC 9162, section 2.1.1). */
export function rootFromLeafHashes(leafHashes: Iterable<Uint8Array>, cryptography: Cryptography): Uint8Array {
  const range = new CompactRange(cryptography);
  for (const hash of leafHashes) range.push(hash);
  return range.root();
}
