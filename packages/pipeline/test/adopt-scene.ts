import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '@holdfast/testkit';
import type { Found, FoundStage } from '../src/adopt/found.ts';
import { lookAround } from '../src/adopt/look-around.ts';
import { openProjectFolder, type ProjectFolder } from '../src/adopt/project-folder.ts';

const vectors = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'spec', 'vectors', 'valid');
const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers');

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A new folder with these files. */
export function repository(files: Files): string {
  const folder = join(temporaryFolder(), 'demo');
  mkdirSync(folder);
  write(folder, files);
  return folder;
}

export function write(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** A copy of a recorded repository. */
export function recordedRepository(name: string): string {
  const folder = join(temporaryFolder(), 'demo');
  cpSync(join(vectors, name), folder, { recursive: true });
  return folder;
}

export const recordedText = (name: string): string => readFileSync(join(vectors, name), 'utf8');
export const recordedJson = (name: string): unknown => JSON.parse(recordedText(name));

/** The folder as readers see it, with nothing on the PATH. */
export const folderOf = (files: Files): Promise<ProjectFolder> => openProjectFolder(repository(files), '');

/** What is found in a folder with these files, on a machine without any program. */
export const found = (files: Files): Promise<Found> => lookAround(repository(files), { searchPath: '' });

export function stageNamed({ stages }: Found, name: string): FoundStage {
  const stage = stages.find((one) => one.name === name);
  if (stage === undefined)
    throw new Error(`there is no stage ${name}, only ${stages.map((one) => one.name).join(', ')}`);
  return stage;
}

/** Doubts as lines. */
export const doubtsOf = ({ doubts }: Pick<Found, 'doubts'>): string[] =>
  doubts.map(({ where, what }) => `${where}: ${what}`);

/** `bin` of the virtual environment of a peer, if it is there. */
export function peer(name: string): string | undefined {
  const bin = join(peers, name, 'bin');
  return existsSync(join(bin, 'python')) ? bin : undefined;
}
