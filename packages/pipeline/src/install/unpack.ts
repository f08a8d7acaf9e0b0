import { createHash } from 'node:crypto';
import { constants, copyFile, mkdir, open } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readArtifact } from '@holdfast/evidence/archive-artifact';
import { syncFolder } from '@holdfast/ledger/durable-file';
import { PipelineError } from '../errors.ts';
import type { Released } from './released.ts';

/**
 * Writes the files of a release from an archive into an empty folder, to the disk and not only to its cache. What is
 * written is what the release names: no other file, no other byte.
 *
 * @throws PipelineError HF_INSTALL_INCOMPLETE; the system's errors
 */
export async function unpackRelease(archive: string, { release, digest }: Released, into: string): Promise<void> {
  const root = digest['dirHash'] === undefined ? into : join(into, release.name);
  const wanted = Map.groupBy(release.files, ({ sha256 }) => sha256);
  const folders = await makeFolders(
    into,
    release.files.map(({ name }) => join(root, name)),
  );
  await readArtifact(archive, async (sha256, size, chunks) => {
    const [first, ...same] = wanted.get(sha256) ?? [];
    if (first === undefined) return;
    wanted.delete(sha256);
    if (size !== first.size) throw incomplete(`\`${first.name}\` has ${size} bytes in it, not ${first.size}`);
    await writeFile(join(root, first.name), chunks(), sha256);
    for (const { name } of same) await copy(join(root, first.name), join(root, name));
  });
  const [missing] = wanted.values();
  if (missing !== undefined) throw incomplete(`\`${missing[0]?.name ?? ''}\` is not in it`);
  for (const folder of folders) await syncFolder(folder);
}

/** The folders of all files; deepest last. */
async function makeFolders(into: string, files: readonly string[]): Promise<readonly string[]> {
  const folders = new Set([into]);
  for (const file of files) {
    const parts = relative(into, dirname(file)).split(sep).filter(Boolean);
    for (const [depth] of parts.entries()) folders.add(join(into, ...parts.slice(0, depth + 1)));
  }
  for (const folder of folders) await mkdir(folder, { recursive: true });
  return [...folders];
}

async function writeFile(path: string, chunks: AsyncIterable<Buffer>, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await using file = await open(path, 'wx', 0o444);
  for await (const chunk of chunks) {
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  if (hash.digest('hex') !== sha256) throw incomplete('it changed while it was read');
  await file.sync();
}

async function copy(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await using file = await open(to, 'r');
  await file.sync();
}

const incomplete = (why: string): PipelineError =>
  new PipelineError('HF_INSTALL_INCOMPLETE', `the archive does not hold the release: ${why}`);
