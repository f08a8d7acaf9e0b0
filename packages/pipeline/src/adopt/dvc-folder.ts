import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { compareBytewise } from '@holdfast/evidence/digest/order';
import { unreadable } from './project-folder.ts';

/** A file of a folder that DVC tracks. */
export interface DvcListed {
  /** Posix path inside the folder. */
  readonly relpath: string;
  readonly md5: string;
}

const maximumFiles = 1_000_000;
const maximumDepth = 256;
/** What DVC passes over in every folder (dvc/ignore.py). */
const passedOver = new Set(['.git', '.hg', '.dvc']);

/**
 * The list of a folder's files as DVC hashes it: the JSON of Python's `json.dumps`, sorted by path
 * (dvc_data/hashfile/tree.py, `as_bytes`). Its MD5 with `.dir` behind it is what DVC calls the folder.
 */
export function listingText(files: readonly DvcListed[]): string {
  const entries = files
    .toSorted((a, b) => compareBytewise(a.relpath, b.relpath))
    .map(({ md5, relpath }) => `{"md5": ${pythonJson(md5)}, "relpath": ${pythonJson(relpath)}}`);
  return `[${entries.join(', ')}]`;
}

/** `json.dumps` of a text: everything but printable ASCII is escaped. */
function pythonJson(text: string): string {
  return JSON.stringify(text).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * Reads such a list, from the cache.
 *
 * @throws PipelineError HF_ADOPT_UNREADABLE
 */
export function readListing(json: string, where: string): readonly DvcListed[] {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw unreadable(where, 'is no list of files', { cause });
  }
  if (!Array.isArray(value) || value.length > maximumFiles) throw unreadable(where, 'is no list of files');
  return value.map((entry: unknown) => {
    const { md5, relpath } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const isEntry = typeof md5 === 'string' && /^[0-9a-f]{32}$/.test(md5) && typeof relpath === 'string';
    if (!isEntry || relpath.split('/').includes('..')) throw unreadable(where, 'is no list of files');
    return { md5, relpath };
  });
}

/** A file below a folder. */
export interface FileBelow {
  /** Posix path inside the folder. */
  readonly name: string;
  /** A plain file, which no link leads to from inside the folder. */
  readonly isPlain: boolean;
}

/**
 * The files below a folder, sorted by path; links count as files, and are not followed.
 *
 * @throws PipelineError HF_ADOPT_UNREADABLE beyond a million files or 256 levels
 */
export async function filesBelow(folder: string, where: string): Promise<readonly FileBelow[]> {
  const found: FileBelow[] = [];
  const visit = async (path: string, depth: number): Promise<void> => {
    if (depth > maximumDepth) throw unreadable(where, `is over ${maximumDepth} folders deep`);
    const entries = await readdir(join(folder, path), { withFileTypes: true }).catch((cause: unknown) => {
      throw unreadable(where, 'cannot be read', { cause });
    });
    for (const entry of entries) {
      const name = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory() && !passedOver.has(entry.name)) await visit(name, depth + 1);
      else if (!entry.isDirectory()) found.push({ name, isPlain: entry.isFile() });
      if (found.length > maximumFiles) throw unreadable(where, `holds over ${maximumFiles} files`);
    }
  };
  await visit('', 0);
  return found.sort((a, b) => compareBytewise(a.name, b.name));
}
