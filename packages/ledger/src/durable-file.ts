import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';

/**
 * Writes a file so that after a crash at any moment it is there as a whole, old or new, and new once this returns:
 * temporary file, fsync, rename, fsync of the folder. Missing folders are made.
 *
 * @param options.mode permission bits of the new file, 0644 by default
 * @throws the system's error (`ENOSPC`, `EACCES` …); the temporary file is removed then
 * @example
 * ```ts
 * import { writeDurably } from '@holdfast/ledger/durable-file';
 * await writeDurably('/tmp/holdfast-example.json', '{}');
 * ```
 */
export async function writeDurably(
  path: string,
  data: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', options.mode ?? 0o644);
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
    for (const parent of parentsOf(folder, made)) await syncFolder(parent);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The folders that have a new name in them after `mkdir` has made `folder` and, first of all, `made`. */
export function parentsOf(folder: string, made: string | undefined): readonly string[] {
  if (made === undefined) return [];
  const steps = relative(made, folder).split(sep).filter(Boolean).length;
  const parents = [dirname(folder)];
  for (let step = 0; step < steps; step++) parents.push(dirname(parents.at(-1) ?? folder));
  return parents;
}

/** Makes the names in a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
