import type { Dirent } from 'node:fs';
import { accessSync, constants, statSync } from 'node:fs';
import { open, opendir, realpath } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { PipelineError } from '../errors.ts';

const maximumFiles = 20_000;
const maximumDepth = 6;
/** Entries of one folder: a folder of a million images need not be listed to be an input. */
const maximumEntries = 10_000;
/** Most bytes of a text file that is read. */
export const maximumBytes = 1024 * 1024;

/** Folders of tools, and Holdfast's own; what starts with a dot is passed over as well. */
const ignored = new Set(['node_modules', 'venv', '__pycache__', 'policy', 'mlruns', 'wandb', 'site-packages']);

/** A project folder as it is, for readers that look around in it. Nothing outside of it is read. */
export interface ProjectFolder {
  /** Absolute path. */
  readonly path: string;
  /** Files by Posix path, sorted; links, hidden folders and environments are left out. */
  readonly files: readonly string[];
  /** There were more files than are listed. */
  readonly cutShort: boolean;
  isFile(path: string): boolean;
  isFolder(path: string): boolean;
  /**
   * The text of a file; `undefined` when it is not there.
   *
   * @param most bytes; 1 MiB when absent
   * @throws PipelineError HF_ADOPT_UNREADABLE when it is larger, not UTF-8, or a link out of the project
   */
  read(path: string, most?: number): Promise<string | undefined>;
  /** Where a program is: on the PATH, or only in a virtual environment of the project. */
  program(name: string): 'path' | 'environment' | undefined;
}

/** Lists a folder, level by level, so that what lies at the top is seen however much lies below. */
export async function openProjectFolder(path: string, searchPath = process.env['PATH'] ?? ''): Promise<ProjectFolder> {
  const { files, folders, environments, cutShort } = await listFiles(path);
  const [fileSet, folderSet] = [new Set(files), new Set(folders)];
  const real = await realpath(path).catch(() => path);
  return {
    path,
    files: files.sort(),
    cutShort,
    isFile: (file) => fileSet.has(file) || isKind(path, file, 'isFile'),
    isFolder: (folder) => folderSet.has(folder) || isKind(path, folder, 'isDirectory'),
    read: (file, most = maximumBytes) => readText(real, file, most),
    program(name) {
      const isIn = (folder: string): boolean => folder.startsWith('/') && isProgram(join(folder, name));
      if (searchPath.split(delimiter).some(isIn)) return 'path';
      return environments.some((folder) => isIn(join(path, folder, 'bin'))) ? 'environment' : undefined;
    },
  };
}

interface Listing {
  readonly files: string[];
  readonly folders: string[];
  readonly environments: string[];
  cutShort: boolean;
}

async function listFiles(root: string): Promise<Listing> {
  const found: Listing = { files: [], folders: [], environments: [], cutShort: false };
  let level = [''];
  for (let depth = 0; depth <= maximumDepth && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      if (found.files.length > maximumFiles) found.cutShort = true;
      else next.push(...(await listFolder(root, folder, found)));
    }
    level = next;
  }
  if (level.length > 0) found.cutShort = true;
  return found;
}

async function listFolder(root: string, folder: string, found: Listing): Promise<string[]> {
  const entries = await readFolder(join(root, folder), found);
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) {
    found.environments.push(folder);
    return [];
  }
  if (folder.split('/').some(isPassedOver)) return [];
  if (folder !== '') found.folders.push(folder);
  const below: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isFile()) found.files.push(path);
    else if (entry.isDirectory()) below.push(path);
  }
  return below;
}

async function readFolder(path: string, found: Listing): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  const folder = await opendir(path).catch(() => undefined);
  if (folder === undefined) return entries;
  for await (const entry of folder) {
    if (entries.length === maximumEntries) {
      found.cutShort = true;
      break;
    }
    entries.push(entry);
  }
  return entries;
}

const isPassedOver = (name: string): boolean => ignored.has(name) || (name.startsWith('.') && name !== '.');

function isKind(root: string, path: string, kind: 'isFile' | 'isDirectory'): boolean {
  try {
    return statSync(join(root, path), { throwIfNoEntry: false })?.[kind]() ?? false;
  } catch {
    return false; // a name that is too long, a circle of links, no permission
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function readText(root: string, path: string, most: number): Promise<string | undefined> {
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (real === undefined) return undefined;
  if (relative(root, real).startsWith('..')) throw unreadable(path, 'is a link out of the project');
  const file = await open(real).catch((cause: unknown) => {
    throw unreadable(path, 'cannot be read', { cause });
  });
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return undefined;
    if (stats.size > most) throw unreadable(path, `is over ${Math.round(most / 1024 / 1024)} MiB`);
    return decode(await file.readFile(), path);
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(path, 'is not UTF-8', { cause });
  }
}

/** The error that says that a file of the repository cannot be understood; `at` is a line and column in it. */
export function unreadable(path: string, why: string, more: { cause?: unknown; at?: string } = {}): PipelineError {
  const where = more.at === undefined ? path : `${path}:${more.at}`;
  return new PipelineError('HF_ADOPT_UNREADABLE', `\`${path}\` ${why}`, { where, cause: more.cause });
}
