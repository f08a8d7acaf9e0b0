import { join } from 'node:path';
import { scan } from '@holdfast/evidence/digest/scan';
import { type FileStamp, sameStamp } from '@holdfast/evidence/digest/stamp';
import { EvidenceError } from '@holdfast/evidence/errors';
import { PipelineError } from './errors.ts';

/** The stamps of all files of the inputs of a stage, by path. */
export type InputStamps = ReadonlyMap<string, FileStamp>;

/**
 * Takes the stamps of inputs before they are digested. Digests before and after a run are equal too when somebody
 * swaps a file while the command reads it, and back again; the change time of the file (`st_ctim` of inode(7), which
 * no call sets) is not.
 */
export async function stampInputs(folder: string, paths: readonly string[]): Promise<InputStamps> {
  const stamps = new Map<string, FileStamp>();
  for (const path of paths) {
    const found = await scan(join(folder, path)).catch((error: unknown) => {
      if (error instanceof EvidenceError && error.code === 'HF_DIGEST_NOT_FOUND') return undefined;
      throw error;
    });
    if (found?.kind === 'file') stamps.set(path, found.file.stamp);
    if (found?.kind === 'folder') for (const { name, stamp } of found.files) stamps.set(`${path}/${name}`, stamp);
  }
  return stamps;
}

/**
 * @throws PipelineError HF_RUN_INPUT_CHANGED naming the first file that was touched since, even if it holds the same
 *   bytes again
 */
export async function requireUntouched(before: InputStamps, folder: string, paths: readonly string[]): Promise<void> {
  const after = await stampInputs(folder, paths);
  const touched = [...before.keys(), ...after.keys()].find((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    return was === undefined || is === undefined || !sameStamp(was, is);
  });
  if (touched === undefined) return;
  const message = `the input \`${touched}\` was touched during the run, so nobody can say what was read`;
  throw new PipelineError('HF_RUN_INPUT_CHANGED', message, { where: touched });
}
