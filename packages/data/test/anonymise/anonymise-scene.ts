import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anonymiseOperation } from '@holdfast/data/anonymise/operation';
import type { ArtifactReader, Report } from '@holdfast/evidence/check';
import { readerOf } from '../anomaly/anomaly-scene.ts';

export interface Anonymised {
  readonly options: Readonly<Record<string, unknown>>;
  readonly hierarchies?: string;
  readonly population?: string;
  readonly isForced?: boolean;
  readonly signal?: AbortSignal;
}

/** What the operation says of a file, and writes to another. */
export async function anonymise(path: string, output: string, given: Anonymised): Promise<Report> {
  const { options, isForced = false, signal = new AbortController().signal } = given;
  const named = Object.entries({ hierarchies: given.hierarchies, population: given.population });
  const inputs: Record<string, ArtifactReader> = {};
  for (const [name, file] of named) if (file !== undefined) inputs[name] = await readable(file);
  const files = Object.fromEntries(named.filter(([, file]) => file !== undefined));
  const operation = await anonymiseOperation.load();
  const context = { signal, inputs, isForced, folder: tmpdir(), basis: [], progress: () => undefined };
  return operation.run(
    await readerOf(path),
    { output },
    { threads: 1, memory: '500MB', ...files, ...options },
    context,
  );
}

async function readable(path: string): Promise<ArtifactReader> {
  const reader = await readerOf(path);
  const isFolder = reader.digest['dirHash'] !== undefined;
  return { ...reader, read: (name) => Promise.resolve(readFileSync(isFolder ? join(path, name) : path)) };
}

/** Lines of a CSV file without quotes, the names first. */
export const linesOf = (path: string): string[] => readFileSync(path, 'utf8').trimEnd().split('\n');
