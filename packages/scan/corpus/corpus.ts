import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Folder } from '../src/folder.ts';
import { type FileResult, scanFile } from '../src/index.ts';

/** A line of a manifest: a file, and what it is known to be. `sample.py` says what each field means. */
export interface Sample {
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly label: 'benign' | 'malicious';
  readonly family: string;
  readonly format: string;
  readonly made_by: string;
  readonly why: string;
  readonly effect?: string;
  readonly load?: string;
  readonly unproven?: string;
  readonly proven?: boolean;
  readonly proof?: string;
  readonly folder?: string;
  readonly companion?: boolean;
  readonly varies?: boolean;
}

/** Of a sample, what the scan said. */
export interface Measured {
  readonly sample: Sample;
  readonly result: FileResult;
}

const packed = join(import.meta.dirname, 'files');

export const families: readonly string[] = readdirSync(packed)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => basename(name, '.jsonl'));

/** The manifest of a family: of the committed corpus, or of one that was made again in a folder. */
export function samplesOf(family: string, folder: string = packed): readonly Sample[] {
  const lines = readFileSync(join(folder, `${family}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Sample);
}

/** Unpacks the committed files of a family into a folder. */
export function unpack(family: string, folder: string): void {
  execFileSync('tar', ['-xzf', join(packed, `${family}.tar.gz`), '-C', folder, '--no-same-owner']);
}

/** Scans the samples that count by themselves, each with the folder that it lies in. */
export async function measure(samples: readonly Sample[], folder: string): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const sample of samples) {
    if (sample.companion === true) continue;
    const around = folderOf(sample, samples);
    const result = await scanFile(join(folder, sample.path), around === undefined ? {} : { folder: around });
    measured.push({ sample, result });
  }
  return measured;
}

function folderOf(sample: Sample, samples: readonly Sample[]): Folder | undefined {
  if (sample.folder === undefined) return undefined;
  const root = join(sample.family, sample.folder);
  // what a folder lists are regular files: a link is none of its files
  const beside = samples.filter(({ folder, format }) => folder === sample.folder && format !== 'link');
  return { files: new Set(beside.map(({ path }) => relative(root, path))), path: relative(root, sample.path) };
}

/** `malicious-calls/inst/exec-p2.pkl: pass (plain data)`: for the list of what a target misses. */
export function lineOf({ sample, result }: Measured): string {
  return `${sample.path}: ${result.verdict} (${result.summary})`;
}
