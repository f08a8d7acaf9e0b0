import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { parentsOf, syncFolder } from '@holdfast/ledger/durable-file';
import { PipelineError } from '../errors.ts';
import { writeProblem } from './source-error.ts';

const temporaryName = /^\.holdfast-[0-9a-f]{16}\.part$/;

/** A file that is to be at `target` as a whole, once it has been found good, or not at all. */
export interface Arrival<Result> {
  readonly target: string;
  /** Another place in the same folder, once the bytes are known; `undefined`: they are not kept. */
  readonly placeOf?: (result: Result) => string | undefined;
  /** Permission bits. */
  readonly mode: number;
  /** Fills it. */
  readonly receive: (file: FileHandle) => Promise<Result>;
  /** Throws where it must not get there; the bytes are on disk, at another name in the same folder. */
  readonly judge: (temporary: string, result: Result) => Promise<void>;
}

/**
 * Receives a file beside its place and moves it there when it has been found good. Whatever goes wrong, what lay at the
 * place stays as it was, and nothing stays beside it; a process that was killed leaves a file `.holdfast-….part`.
 *
 * @throws what `receive` and `judge` throw; PipelineError HF_SOURCE_DISK_FULL; the system's error
 */
export async function arrive<Result>({ target, mode, receive, judge, placeOf }: Arrival<Result>): Promise<Result> {
  const folder = dirname(target);
  const temporary = join(folder, `.holdfast-${randomBytes(8).toString('hex')}.part`);
  try {
    const made = await mkdir(folder, { recursive: true });
    const file = await open(temporary, 'wx', mode);
    let result: Result;
    try {
      result = await receive(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await judge(temporary, result);
    const place = placeOf === undefined ? target : placeOf(result);
    if (place === undefined) await rm(temporary);
    else await rename(temporary, place);
    await syncFolder(folder);
    for (const parent of parentsOf(folder, made)) await syncFolder(parent);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw writeProblem(error, target);
  }
}

/**
 * Removes what a killed process left beside a target.
 * @param olderThanMs leave what is newer: another process may still be at it
 */
export async function removeLeftovers(folder: string, olderThanMs = 0): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => temporaryName.test(one))) {
    const age = Date.now() - ((await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0);
    if (age >= olderThanMs) await rm(join(folder, name), { force: true });
  }
}

/**
 * Refuses a place that a link leads out of the project, or where a folder lies.
 * @throws PipelineError HF_PATH_OUTSIDE, HF_SOURCE_TARGET
 */
export async function requireTarget(folder: string, path: string): Promise<void> {
  const target = join(folder, path);
  const real = relative(await realpath(folder), await realpathOfNearest(dirname(target)));
  if (real === '..' || real.startsWith(`..${sep}`) || real.startsWith(sep)) {
    throw new PipelineError('HF_PATH_OUTSIDE', `\`${path}\` leads out of the project`, { where: path });
  }
  const found = await stat(target).catch(() => undefined);
  if (found === undefined || found.isFile()) return;
  const fix = 'name the path of a file in `artifacts`';
  throw new PipelineError('HF_SOURCE_TARGET', `at \`${path}\` is something else than a file`, { where: path, fix });
}

/** Folders that are still to be made lie where the last one lies that is there. */
async function realpathOfNearest(folder: string): Promise<string> {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) return real;
  }
  return sep;
}
