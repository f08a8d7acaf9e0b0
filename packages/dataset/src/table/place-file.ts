import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatasetError, shown } from '../errors.ts';

/**
 * Puts a copy of a finished file where it belongs, as a whole or not at all, and on disk once this returns.
 *
 * @param isForced whether it may take the place of what is there
 * @throws DatasetError HF_DATASET_EXISTS; the system's error (`ENOSPC`, `EACCES` …): nothing is left behind then
 */
export async function placeFile(made: string, path: string, isForced: boolean): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    await copyFile(made, temporary, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
    await synced(temporary);
    // A link never takes the place of what somebody has put there meanwhile; a rename does.
    if (isForced) await rename(temporary, path);
    else await link(temporary, path);
    await synced(dirname(path));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') throw existing(path);
    throw cause;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** The error of a place that is taken. */
export const existing = (path: string): DatasetError =>
  new DatasetError('HF_DATASET_EXISTS', `${shown(basename(path))} is there already`, { where: path });

async function synced(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
