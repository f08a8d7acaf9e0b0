import { constants } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import type { ModelBytes } from '../admission/admission.ts';
import { GatewayError } from '../errors.ts';

/**
 * Copies what was admitted, and nothing else of its folder, to where only this user reaches it and nobody writes. The copy is digested:
 * what is served is what the evidence names, whatever happens to the original meanwhile.
 *
 * @param folder a new one is made there
 * @returns where the copy of the model lies: a file, or a folder
 * @throws GatewayError HF_GATEWAY_NOT_ADMITTED where the bytes are not those that were admitted; EvidenceError
 */
export async function copyModel({ path, digests }: ModelBytes, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const target = join(folder, basename(path));
  const found = await digestArtifact(path, { force: true });
  if (found.kind === 'file') await copyOne(path, target);
  else {
    await mkdir(target, { mode: 0o700 });
    for (const { name } of found.files) await copyOne(join(path, name), join(target, name));
    await forbidWriting(target);
  }
  const copied = await digestArtifact(target, { force: true });
  if (!isSame(copied.digests, digests)) {
    throw new GatewayError('HF_GATEWAY_NOT_ADMITTED', 'the model changed while it was copied');
  }
  return target;
}

/** Removes a copy. One that is not there is no error. */
export async function removeCopy(folder: string): Promise<void> {
  await allowWriting(folder).catch(() => undefined);
  await rm(folder, { recursive: true, force: true });
}

async function copyOne(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await chmod(to, 0o400);
}

async function forbidWriting(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await forbidWriting(join(folder, entry.name));
  }
  await chmod(folder, 0o500);
}

async function allowWriting(folder: string): Promise<void> {
  if (!(await stat(folder)).isDirectory()) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await allowWriting(join(folder, entry.name));
  }
}

const isSame = (one: ModelBytes['digests'], other: ModelBytes['digests']): boolean =>
  one.sha256 === other.sha256 && one.dirHash === other.dirHash;
