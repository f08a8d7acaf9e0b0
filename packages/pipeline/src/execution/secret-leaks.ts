import { lstat, open, opendir, realpath, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { PipelineError } from '../errors.ts';
import { StreamSearch } from './byte-search.ts';
import { indexSecrets, redacted, type SecretIndex } from './redaction.ts';
import { breaks } from './secret-forms.ts';
import type { Secret } from './secrets.ts';

const chunkBytes = 1024 * 1024;
const maximumDepth = 128;

/** What was written, and what must not be in it. */
export interface LeakSearch {
  /** Absolute path of the folder that the outputs lie in. */
  readonly folder: string;
  /** Paths relative to the folder; one that is not there holds nothing. */
  readonly outputs: readonly string[];
  readonly secrets: readonly Secret[];
  readonly signal?: AbortSignal;
}

/**
 * Reads everything that a run has written, once, and refuses it when a secret is in it, in any of its forms, or in the
 * name of a file: evidence lists names, and outputs are there to be given away. Does nothing without secrets.
 *
 * @throws PipelineError HF_SECRET_LEAKED naming the first such file, HF_RUN_INTERRUPTED.
 */
export async function requireNoLeak(search: LeakSearch): Promise<void> {
  for await (const { output, inside, name } of leaksIn(search)) {
    const where = redacted(join(output, inside), search.secrets);
    throw new PipelineError('HF_SECRET_LEAKED', `the output \`${where}\` holds the secret \`${name}\``, { where });
  }
}

/** Deletes the files with a secret in them, so that what a failed run has left can be kept for a look. */
export async function deleteLeaks(search: LeakSearch): Promise<void> {
  for await (const { file } of leaksIn(search)) await rm(file, { force: true });
}

interface Leak {
  readonly output: string;
  /** Path relative to the output; empty when that is a file itself. */
  readonly inside: string;
  readonly file: string;
  /** Of the secret. */
  readonly name: string;
}

async function* leaksIn({ folder, outputs, secrets, signal }: LeakSearch): AsyncGenerator<Leak> {
  if (secrets.length === 0) return;
  const index = indexSecrets(secrets, { lines: false });
  for (const output of outputs) {
    const root = await realpath(join(folder, output)).catch(() => undefined);
    if (root === undefined) continue;
    for await (const file of filesIn(root, 0)) {
      const inside = relative(root, file);
      const label = nameHolds(index, inside) ?? (await fileHolds(index, file, signal));
      if (label !== undefined) yield { output, inside, file, name: index.names[label] ?? '' };
    }
  }
}

/** Links are not followed: outputs that have some are refused when they are digested. */
async function* filesIn(path: string, depth: number): AsyncGenerator<string> {
  const found = await lstat(path);
  if (found.isFile()) yield path;
  if (!found.isDirectory()) return;
  if (depth > maximumDepth) throw new PipelineError('HF_RUN_RECOVERY', 'an output is nested too deeply');
  for await (const { name } of await opendir(path)) yield* filesIn(join(path, name), depth + 1);
}

/** The searches of one stream. */
function searcher(index: SecretIndex): (chunk: Uint8Array) => number | undefined {
  const searches = [new StreamSearch(index.plain), new StreamSearch(index.encoded, breaks)];
  let found: number | undefined;
  return (chunk) => {
    for (const search of searches) search.scan(chunk, ({ label }) => (found ??= label));
    return found;
  };
}

const nameHolds = (index: SecretIndex, name: string): number | undefined => searcher(index)(Buffer.from(name));

async function fileHolds(index: SecretIndex, path: string, signal?: AbortSignal): Promise<number | undefined> {
  const search = searcher(index);
  const buffer = Buffer.allocUnsafe(chunkBytes);
  await using file = await open(path);
  for (;;) {
    if (signal?.aborted === true)
      throw new PipelineError('HF_RUN_INTERRUPTED', 'the search for secrets was interrupted');
    const { bytesRead } = await file.read({ buffer });
    if (bytesRead === 0) return undefined;
    const label = search(buffer.subarray(0, bytesRead));
    if (label !== undefined) return label;
  }
}
