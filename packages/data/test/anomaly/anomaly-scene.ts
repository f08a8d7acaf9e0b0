import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { anomalyCheck } from '@holdfast/data/anomaly/check';
import type { ArtifactReader, Report } from '@holdfast/evidence/check';
import { digestArtifact } from '@holdfast/evidence/digest/artifact';

/** A file as the pipeline hands it to a check. */
export async function readerOf(
  path: string,
  classification?: ArtifactReader['classification'],
): Promise<ArtifactReader> {
  const found = await digestArtifact(path, { force: true });
  const { digests, size } = found;
  return {
    ...{ name: basename(path), kind: 'dataset', path, digest: { ...digests } },
    ...(classification === undefined ? {} : { classification }),
    files: found.kind === 'folder' ? found.files : [{ name: basename(path), size, sha256: digests.sha256 }],
    read: () => Promise.reject(new Error('the check reads through its engine')),
  };
}

export interface Looked {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly against?: string;
  readonly classification?: ArtifactReader['classification'];
  readonly signal?: AbortSignal;
}

/** What the check says about a file. */
export async function lookAt(
  path: string,
  { options = {}, against, classification, signal = new AbortController().signal }: Looked = {},
): Promise<Report> {
  const check = await anomalyCheck.load();
  const inputs = against === undefined ? {} : { against: await readerOf(against) };
  const given = { threads: 2, memory: '1GB', ...options, ...(against === undefined ? {} : { against }) };
  return check.run(await readerOf(path, classification), given, { signal, inputs, progress: () => undefined });
}

export type Written = string | number | null | undefined;

/** Writes a CSV file with a line of names. */
export function csv(folder: string, name: string, lines: readonly (readonly Written[])[]): string {
  const path = join(folder, name);
  const text = (value: Written): string => String(value ?? '');
  const quoted = (value: Written): string =>
    /[",\n]/.test(text(value)) ? `"${text(value).replaceAll('"', '""')}"` : text(value);
  writeFileSync(path, lines.map((line) => line.map(quoted).join(',')).join('\n'));
  return path;
}
