import { setImmediate } from 'node:timers/promises';
import type { Appended, Request } from './append-queue.ts';
import { LedgerError } from './errors.ts';
import type { Head } from './head.ts';
import type { LeafIndex } from './leaf-index.ts';
import { DamagedIndex } from './leaf-index.ts';
import { nodeCryptography } from './node-cryptography.ts';
import { equal } from './verify/encoding.ts';
import { leafHash } from './verify/merkle.ts';

/** An entry that is not in the ledger yet. */
export interface NewEntry {
  readonly leafHash: Uint8Array;
  readonly entry: Uint8Array;
}

/** What a batch adds, and how to answer those who wait for it once that is on disk. */
export interface BatchPlan {
  readonly fresh: readonly NewEntry[];
  settle(): void;
}

/**
 * Decides for each request of a batch, in order, what is new, what is a duplicate, and whether its condition holds.
 *
 * @throws DamagedIndex when the index names a leaf that is another one in the tree
 * @throws LedgerError the HF_LEDGER_TILE_… errors
 */
export async function planBatch(requests: readonly Request[], head: Head, index: LeafIndex): Promise<BatchPlan> {
  const places = new Places(head, index);
  const answers: (() => void)[] = [];
  for (const request of requests) {
    const { expectedSize } = request;
    if (expectedSize === undefined || expectedSize === places.size) {
      const appended: Appended[] = [];
      for (const entry of request.entries) appended.push(await places.place(entry));
      answers.push(() => {
        request.resolve(appended);
      });
    } else {
      const refusal = sizeChanged(expectedSize, places.size);
      answers.push(() => {
        request.reject(refusal);
      });
    }
  }
  const settle = (): void => {
    for (const answer of answers) answer();
  };
  return { fresh: places.fresh, settle };
}

/** Entries that are placed without giving the event loop a turn. */
const turn = 512;

/** Gives each entry its place: the one it has, or the next one. */
class Places {
  readonly fresh: NewEntry[] = [];
  readonly #head: Head;
  readonly #index: LeafIndex;
  readonly #planned = new Map<string, number>();
  #placed = 0;

  constructor(head: Head, index: LeafIndex) {
    this.#head = head;
    this.#index = index;
  }

  /** Entries in the ledger once those placed so far are appended. */
  get size(): number {
    return this.#head.checkpoint.size + this.fresh.length;
  }

  async place(entry: Uint8Array): Promise<Appended> {
    if (++this.#placed % turn === 0) await setImmediate();
    const hash = leafHash(entry, nodeCryptography);
    const name = Buffer.from(hash).toString('latin1');
    const known = this.#planned.get(name) ?? (await verifiedPosition(hash, this.#head, this.#index));
    if (known !== undefined) return { index: known, duplicate: true };
    const position = this.size;
    this.#planned.set(name, position);
    this.fresh.push({ leafHash: hash, entry });
    return { index: position, duplicate: false };
  }
}

/** The index is only a cache: what it says counts when the signed tree says so too. */
async function verifiedPosition(hash: Uint8Array, head: Head, index: LeafIndex): Promise<number | undefined> {
  const position = index.find(hash);
  if (position === undefined) return undefined;
  const there = position < head.checkpoint.size ? await head.tree.leaf(position) : new Uint8Array();
  if (!equal(there, hash)) throw new DamagedIndex(`leaf ${position} is another one than the index says`);
  return position;
}

function sizeChanged(expected: number, size: number): LedgerError {
  return new LedgerError('HF_LEDGER_SIZE_CHANGED', `the ledger has ${size} entries, not ${expected}`);
}
