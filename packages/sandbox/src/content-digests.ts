import { accessSync, constants } from 'node:fs';
import { wholeFile } from '@holdfast/evidence/digest/artifact';
import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { hashRanges } from '@holdfast/evidence/digest/pool';
import type { FileStamp } from '@holdfast/evidence/digest/stamp';
import { EvidenceError } from '@holdfast/evidence/errors';
import { SandboxError } from './errors.ts';
import { ChangedMeanwhile, type ListedFile } from './listing.ts';

/**
 * SHA-256 of each plain file of a listing, from the cache where it knows; `undefined` for links, for what is no plain
 * file, and for what this user may not read.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN when a file changes while it is read.
 */
export async function contentDigests(
  files: readonly ListedFile[],
  cache: DigestCache | undefined,
): Promise<readonly (string | undefined)[]> {
  const plain = files.flatMap(({ name, path, stamp }) => (stamp === undefined ? [] : [{ name, path, stamp }]));
  const known = cache?.get(plain.map(({ stamp }) => stamp)) ?? [];
  const unread = plain.filter(({ path }, index) => known[index] === undefined && isReadable(path));
  const byPath = new Map(plain.map(({ path }, index) => [path, known[index]]));
  for (const batch of batches(unread)) {
    const fresh = await hashAll(batch);
    const entries = batch.map(({ path, stamp }, index) => ({ path, stamp, sha256: fresh[index] ?? '' }));
    cache?.put(entries); // what was read is not lost when a later file changes
    for (const { path, sha256 } of entries) byPath.set(path, sha256);
  }
  return files.map(({ path }) => byPath.get(path));
}

const batchBytes = 256n << 20n;

function* batches<T extends { readonly stamp: FileStamp }>(files: readonly T[]): Generator<readonly T[]> {
  let batch: T[] = [];
  let bytes = 0n;
  for (const file of files) {
    batch.push(file);
    bytes += file.stamp.size;
    if (bytes < batchBytes) continue;
    yield batch;
    [batch, bytes] = [[], 0n];
  }
  yield batch;
}

async function hashAll(files: readonly Parameters<typeof wholeFile>[0][]): Promise<readonly string[]> {
  try {
    return await hashRanges(files.map(wholeFile));
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    const message = `the toolchain could not be recorded: ${error.message}`;
    if (error.code === 'HF_DIGEST_CHANGED') throw new ChangedMeanwhile(message, error.where ?? '', error);
    throw new SandboxError('HF_SANDBOX_TOOLCHAIN', message, { fix: error.fix, cause: error });
  }
}

/** What is gone is for the reading to find out. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch (error) {
    return !['EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}
