import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { byCodePoint } from '@holdfast/dataset/image-folder';
import { isHousekeeping } from '@holdfast/dataset/table/housekeeping';
import type { ArtifactReader } from '@holdfast/evidence/check';
import { DataError } from '../errors.ts';

/** Where the two parts of a data set go. */
export interface TwoPaths {
  readonly kept: string;
  readonly setAside: string;
}

/** The pictures of a folder by their numbers, from 1: in the order of their paths, as `data.profile` counts them. */
export const numberedPictures = ({ files }: Pick<ArtifactReader, 'files'>): readonly string[] =>
  files
    .map(({ name }) => name)
    .filter((name) => !isHousekeeping(basename(name)))
    .toSorted(byCodePoint);

/**
 * Pictures go into folders of their own: a name of a file is refused, and so is a folder that is there, whose other files would count as
 * pictures of the data set.
 *
 * @throws DataError HF_DATA_OPTIONS
 */
export function requireNewFolder(path: string): void {
  const name = basename(path);
  if (['.csv', '.tsv', '.parquet', '.jsonl', '.ndjson', '.npz'].includes(extname(path).toLowerCase())) {
    throw new DataError('HF_DATA_OPTIONS', `a folder of pictures is divided into folders, and \`${name}\` is a file`, {
      fix: 'name two folders that are not there yet',
    });
  }
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
  throw new DataError(
    'HF_DATA_OPTIONS',
    `\`${name}\` is there already, and pictures are not mixed with what it holds`,
    {
      fix: 'name a folder that is not there yet',
    },
  );
}

/**
 * Copies the files of a folder into two new ones, each as a whole or not at all: those that are set aside, and all others, files that hold
 * no picture among them. What is copied is what was digested.
 *
 * @throws EvidenceError HF_DIGEST_CHANGED; the system's error
 */
export async function divideFolder(
  artifact: ArtifactReader,
  aside: ReadonlySet<string>,
  { kept, setAside }: TwoPaths,
  { signal, progress }: { readonly signal: AbortSignal; readonly progress: (done: number) => void },
): Promise<void> {
  const parts = [
    { path: setAside, files: artifact.files.filter(({ name }) => aside.has(name)) },
    { path: kept, files: artifact.files.filter(({ name }) => !aside.has(name)) },
  ];
  const made = parts.map(({ path }) => join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`));
  let done = 0;
  try {
    for (const [at, { files }] of parts.entries()) {
      const folder = made[at] ?? '';
      await mkdir(folder, { recursive: true });
      for (const { name, size } of files) {
        signal.throwIfAborted();
        const target = join(folder, ...name.split('/'));
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, await artifact.read(name, size), { flag: 'wx', flush: true });
        progress((done += 1) / artifact.files.length);
      }
    }
    for (const [at, { path }] of parts.entries()) await place(made[at] ?? '', path);
  } finally {
    for (const folder of made) await rm(folder, { recursive: true, force: true });
  }
}

/** A folder that somebody made meanwhile is not taken the place of. */
async function place(made: string, path: string): Promise<void> {
  requireNewFolder(path);
  await rename(made, path);
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
