import { accessSync, constants } from 'node:fs';
import { wholeFile } from '@holdfast/evidence/digest/artifact';
import type { DigestCache } from '@holdfast/evidence/digest/cache';
import { hashRanges } from '@holdfast/evidence/digest/pool';
import { SandboxError } from './errors.ts';
import type { ListedFile } from './listing.ts';

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
  const fresh = await hashAll(unread);
  cache?.put(unread.map(({ stamp }, index) => ({ stamp, sha256: fresh[index] ?? '' })));
  const byPath = new Map(unread.map(({ path }, index) => [path, fresh[index]]));
  for (const [index, { path }] of plain.entries()) if (known[index] !== undefined) byPath.set(path, known[index]);
  return files.map(({ path }) => byPath.get(path));
}

async function hashAll(files: readonly Parameters<typeof wholeFile>[0][]): Promise<readonly string[]> {
  try {
    return await hashRanges(files.map(wholeFile));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SandboxError('HF_SANDBOX_TOOLCHAIN', `the toolchain could not be recorded: ${reason}`, {
      fix: 'let whatever installs something there end, and run again',
      cause,
    });
  }
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
