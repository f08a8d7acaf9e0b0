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
  const fresh: NewEntry[] = [];
  const planned = new Map<string, number>();
  const answers: (() => void)[] = [];
  for (const request of requests) {
    const size = head.checkpoint.size + fresh.length;
    if (request.expectedSize !== undefined && request.expectedSize !== size) {
      const refusal = sizeChanged(request.expectedSize, size);
      answers.push(() => {
        request.reject(refusal);
      });
      continue;
    }
    const appended: Appended[] = [];
    for (const entry of request.entries) {
      const hash = leafHash(entry, nodeCryptography);
      const name = Buffer.from(hash).toString('latin1');
      const known = planned.get(name) ?? (await verifiedPosition(hash, head, index));
      appended.push({ index: known ?? head.checkpoint.size + fresh.length, duplicate: known !== undefined });
      if (known !== undefined) continue;
      planned.set(name, head.checkpoint.size + fresh.length);
      fresh.push({ leafHash: hash, entry });
    }
    answers.push(() => {
      request.resolve(appended);
    });
  }
  return {
    fresh,
    settle: () => {
      for (const answer of answers) answer();
    },
  };
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
