import { LedgerError } from './errors.ts';
import type { Cryptography } from './verify/cryptography.ts';
import { equal } from './verify/encoding.ts';
import { leafHash } from './verify/merkle.ts';

/** Longest entry: its length is a uint16 (C2SP tlog-tiles, "Log entries"). */
export const longestEntry = 0xffff;

/** An entry as a bundle holds it: big-endian uint16 length, then the bytes. */
export function encodeEntry(entry: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(2 + entry.length);
  bytes[0] = entry.length >> 8;
  bytes[1] = entry.length & 0xff;
  bytes.set(entry, 2);
  return bytes;
}

/**
 * The entries of a bundle, as views into its bytes.
 *
 * @param width how many entries it has to have
 * @param where its path, for the error
 * @throws LedgerError HF_LEDGER_TILE_TRUNCATED when it ends early, HF_LEDGER_TILE_CORRUPT when bytes follow
 */
export function decodeBundle(bytes: Uint8Array, width: number, where: string): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  for (let index = 0; index < width; index++) {
    const [high, low] = bytes.subarray(at, at + 2);
    if (high === undefined || low === undefined) throw truncated(where, index, width);
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) throw truncated(where, index, width);
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  if (at === bytes.length) return entries;
  throw new LedgerError('HF_LEDGER_TILE_CORRUPT', `\`${where}\` goes on behind its ${width} entries`, { where });
}

function truncated(where: string, index: number, width: number): LedgerError {
  const message = `\`${where}\` ends inside entry ${index} of ${width}`;
  return new LedgerError('HF_LEDGER_TILE_TRUNCATED', message, { where });
}

/**
 * Checks that entries of a bundle are those with these leaf hashes.
 *
 * @param where path of the bundle, and index of the first entry, for the error
 * @throws LedgerError HF_LEDGER_TILE_CORRUPT
 */
export function requireEntries(
  entries: readonly Uint8Array[],
  leafHashes: readonly Uint8Array[],
  where: { readonly path: string; readonly first: number },
  cryptography: Cryptography,
): void {
  const wrong = entries.findIndex((entry, at) => {
    const expected = leafHashes[at];
    return expected === undefined || !equal(leafHash(entry, cryptography), expected);
  });
  if (wrong < 0) return;
  const message = `entry ${where.first + wrong} in \`${where.path}\` is not the one that was logged`;
  throw new LedgerError('HF_LEDGER_TILE_CORRUPT', message, { where: where.path });
}
