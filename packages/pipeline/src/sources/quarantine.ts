import { mkdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { removeLeftovers } from './arriving-file.ts';
import type { DeclaredSource } from './declared-source.ts';

/** A fetch takes at most a part of it; what is older was left by a process that was killed. */
const leftoverMs = 7 * 24 * 3_600_000;

/**
 * The folder for what a source gives that nobody has agreed to yet: for this user alone, out of git's sight, and where no
 * stage can name it as an input.
 */
export async function openQuarantine(project: string, { name }: DeclaredSource): Promise<string> {
  const all = join(project, '.holdfast', 'quarantine');
  const own = join(all, name);
  await mkdir(own, { recursive: true, mode: 0o700 });
  const ignore = join(all, '.gitignore');
  if ((await stat(ignore).catch(() => undefined)) === undefined) await writeDurably(ignore, '*\n');
  await removeLeftovers(own, leftoverMs);
  return own;
}

/** The name of bytes in quarantine: that of the artifact, behind the beginning of their digest. */
export function quarantineName(path: string, sha256: string): string {
  return `${sha256.slice(0, 16)}-${basename(path).slice(-200)}`;
}
