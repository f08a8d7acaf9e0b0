import { chmodSync, closeSync, fsyncSync, lstatSync, openSync, readdirSync, renameSync, writeSync } from 'node:fs';
import { open, opendir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PipelineError } from '../errors.ts';

/** The system's name of an error (`ENOENT`), or an empty string. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** HF_RUN_DISK_FULL where the system says so (quota included), otherwise the given code. */
export function diskError(error: unknown, path: string, otherwise: 'HF_RUN_RECOVERY' | 'HF_RUN_SPAWN'): PipelineError {
  if (error instanceof PipelineError) return error;
  const code = systemCode(error);
  const full = code === 'ENOSPC' || code === 'EDQUOT' || isSqliteFull(error);
  const message = full ? `no space left to write \`${path}\`` : `\`${path}\` cannot be changed: ${describe(error)}`;
  const hint = code === 'EXDEV' ? { fix: 'keep outputs on the file system of the project folder' } : {};
  return new PipelineError(full ? 'HF_RUN_DISK_FULL' : otherwise, message, { where: path, cause: error, ...hint });
}

/** SQLITE_FULL of https://sqlite.org/rescode.html */
function isSqliteFull(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 13;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether something, a dangling link included, lies at a path. */
export function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Writes all bytes, however few the system takes at a time. */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

/** Temp, fsync, rename, fsync of the folder: afterwards the file holds all of the text, before it none. */
export function writeDurably(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  const descriptor = openSync(temporary, 'w', 0o600);
  try {
    writeFully(descriptor, Buffer.from(text));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
  sync(dirname(path));
}

/** fsync of a file or folder. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** fsync of everything below a path; links and special files are left alone, depth is bounded. */
export async function syncTree(path: string, depth = 0): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile() === true) await syncLater(path);
  if (found?.isDirectory() !== true) return;
  if (depth > 128) throw new PipelineError('HF_RUN_RECOVERY', `\`${path}\` is nested too deeply`, { where: path });
  for await (const entry of await opendir(path)) await syncTree(join(path, entry.name), depth + 1);
  await syncLater(path);
}

/** Removes a tree, also one whose folders a command has closed to their own user. */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOTEMPTY'].includes(systemCode(error))) throw error;
    openFolders(path, 0);
    await rm(path, { recursive: true, force: true });
  }
}

function openFolders(path: string, depth: number): void {
  if (depth > 256 || lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  chmodSync(path, 0o700);
  for (const name of readdirSync(path)) openFolders(join(path, name), depth + 1);
}

/** Flushing gigabytes takes seconds; other stages run meanwhile. */
async function syncLater(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
