import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataChecks } from '@holdfast/data/check';
import { suggestCheck } from '@holdfast/data/suggest/suggest-check';
import type { ArtifactReader, CheckDescription, Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';
import { checkPredicate } from '@holdfast/evidence/predicates/check';
import { temporaryFolder } from '@holdfast/testkit';

/** Files in a new folder, by their paths in it. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder('holdfast-folder');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A file or a folder as the pipeline hands it to a check. */
export async function readerOf(path: string): Promise<ArtifactReader> {
  const found = await digestArtifact(path, { force: true });
  const { digests, size } = found;
  const name = path.split('/').at(-1) ?? path;
  const { readFile } = await import('node:fs/promises');
  return {
    ...{ name, kind: 'dataset', path, digest: { ...digests } },
    files: found.kind === 'folder' ? found.files : [{ name, size, sha256: digests.sha256 }],
    read: async (file) => readFile(found.kind === 'folder' ? join(path, file) : path),
  };
}

type Options = Readonly<Record<string, unknown>>;

/** Every check of tables, with what it demands beside a table. */
export const checks: readonly (readonly [CheckDescription, Options])[] = [
  ...dataChecks.map((check) => [check, {}] as const),
  [suggestCheck(() => undefined), {}],
];

/** What a check says of a path; options that name files are paths. */
export async function reportOf(name: string, path: string, options: Options = {}): Promise<Report> {
  const [check] = checks.find(([each]) => each.name === name) ?? [];
  if (check === undefined) throw new Error(`no check ${name}`);
  const inputs: Record<string, ArtifactReader> = {};
  for (const option of check.inputs ?? []) {
    const named = options[option];
    if (typeof named === 'string') inputs[option] = await readerOf(named);
  }
  const { signal } = new AbortController();
  const run = await check.load();
  return run.run(
    await readerOf(path),
    { threads: 1, memory: '500MB', ...options },
    {
      ...{ signal, inputs, progress: () => undefined },
    },
  );
}

/** The verdict that is signed: what was not read makes `unknown` of all but `fail`. */
export async function verdictOf(name: string, path: string, options: Options = {}): Promise<string> {
  const now = new Date(0).toISOString();
  const report = await reportOf(name, path, options);
  return checkPredicate({ name, version: '0.0.0' }, {}, report, { startedOn: now, finishedOn: now }).verdict;
}
