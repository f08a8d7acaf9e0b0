import { createHash } from 'node:crypto';
import { type Dirent, lstatSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { compareBytewise } from '@holdfast/evidence/digest/order';
import { type FileStamp, stampOf } from '@holdfast/evidence/digest/stamp';
import { SandboxError, shown } from './errors.ts';

/** Something that lies below a folder, and is no folder itself. */
export interface ListedFile {
  /** Relative to the folder; `''` for a file that was listed itself. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** `unreadable` is for this user, and so for the command: a file, or a folder, whose name ends in `/`. */
  readonly kind: 'file' | 'link' | 'special' | 'unreadable';
  readonly stamp?: FileStamp;
  /** What a link says. */
  readonly target?: string;
}

export interface ListingOptions {
  /** Files that are left out, by absolute path: a package stands for them. */
  readonly isKnown?: (path: string) => boolean;
  /** Default: one million files and folders. */
  readonly maximumEntries?: number;
}

/** Something was there and then was not, or had other bytes: worth another look. */
export class ChangedMeanwhile extends SandboxError {
  constructor(message: string, where: string, cause: unknown) {
    super('HF_SANDBOX_TOOLCHAIN', message, { where, cause, fix: 'let whatever installs something there end' });
  }
}

const maximumDepth = 256;
/** Folders between two turns of the event loop. */
const turn = 500;

/**
 * Finds the files below a folder; links are not followed, other file systems are.
 *
 * @param path Absolute; may be a file or a link.
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN when there is too much, or a name that cannot be written down.
 */
export async function listFiles(path: string, options: ListingOptions = {}): Promise<readonly ListedFile[]> {
  const walk = new Walk(options.isKnown ?? (() => false), options.maximumEntries ?? 1_000_000);
  const root = realpathSync(path);
  if (lstatSync(root).isDirectory()) await walk.folder(root, '', 0);
  else walk.entry(root, '', lstatSync(root));
  return walk.found;
}

class Walk {
  readonly found: ListedFile[] = [];
  readonly #isKnown: (path: string) => boolean;
  readonly #maximum: number;
  #entries = 0;
  #folders = 0;

  constructor(isKnown: (path: string) => boolean, maximum: number) {
    this.#isKnown = isKnown;
    this.#maximum = maximum;
  }

  async folder(path: string, name: string, depth: number): Promise<void> {
    if (depth > maximumDepth) throw refusal(`${shown(path)} lies over ${maximumDepth} folders deep`, path);
    if (++this.#folders % turn === 0) await setImmediate();
    const entries = entriesOf(path);
    if (entries === 'unreadable') {
      this.found.push({ name: `${name}/`, path, kind: 'unreadable' });
      return;
    }
    this.#entries += entries.length;
    if (this.#entries > this.#maximum) throw refusal(`over ${this.#maximum} files lie around ${shown(path)}`, path);
    const below = entries.filter((entry) => !this.#file(path, name, entry));
    for (const { name: folder } of below) {
      if (depth === 0 && folder === '.holdfast') continue; // hidden in a sandbox
      await this.folder(under(path, folder), under(name, folder), depth + 1);
    }
  }

  /** @returns `false` for a folder. */
  #file(folder: string, above: string, entry: Dirent): boolean {
    if (entry.isDirectory()) return false;
    const path = under(folder, entry.name);
    if (!this.#isKnown(path)) this.entry(path, under(above, entry.name), entry);
    return true;
  }

  entry(path: string, name: string, entry: Pick<Dirent, 'isFile' | 'isSymbolicLink'>): void {
    if (name.includes('\n')) throw refusal(`a name in the toolchain holds a newline: ${shown(name)}`, path);
    try {
      if (entry.isSymbolicLink()) this.found.push({ name, path, kind: 'link', target: readlinkSync(path) });
      else if (!entry.isFile()) this.found.push({ name, path, kind: 'special' });
      else this.found.push({ name, path, kind: 'file', stamp: stampOf(lstatSync(path, { bigint: true })) });
    } catch (error) {
      if (!['ENOENT', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      if (name.includes('\u{FFFD}')) throw refusal(`a name in the toolchain is not UTF-8: ${shown(path)}`, path);
      throw new ChangedMeanwhile(`${shown(path)} was there a moment ago and is gone`, path, error);
    }
  }
}

/** `join` would look at every character of a hundred thousand paths. */
function under(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

function entriesOf(path: string): Dirent[] | 'unreadable' {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['EACCES', 'EPERM'].includes(code)) return 'unreadable';
    if (['ENOENT', 'ENOTDIR'].includes(code)) {
      throw new ChangedMeanwhile(`${shown(path)} was there a moment ago and is gone`, path, error);
    }
    throw refusal(`${shown(path)} cannot be listed (${code})`, path);
  }
}

/** What a listing comes down to. */
export interface ListingDigest {
  /** `file` for one that was listed itself. */
  readonly digestOf: 'listing' | 'file';
  /** Lowercase hex: of all that is there. */
  readonly sha256: string;
  /** Without what Python and npm packages write there on their own: `__pycache__` and `node_modules/.cache`. */
  readonly installedSha256: string;
  readonly files: number;
  readonly bytes: number;
}

const selfMade = /(?:^|\/)__pycache__\/|(?:^|(?:^|\/)node_modules\/)\.cache\//;

/**
 * SHA-256 over one line for each entry, sorted bytewise by name: `<sha256>  <name>` for a file, `link:<sha256 of its
 * target>  <name>` for a link, `special` and `unreadable` for what has no content. Without links this is `dirHash` of
 * in-toto. A file that was listed itself has its own SHA-256. Folders without files and modes do not count.
 *
 * @param digests SHA-256 by entry; `undefined` for a file that this user may not read.
 */
export function digestListing(files: readonly ListedFile[], digests: readonly (string | undefined)[]): ListingDigest {
  const lines = files.map((file, index) => ({ name: file.name, line: lineOf(file, digests[index]) }));
  const single = files.length === 1 && files[0]?.name === '' ? digests[0] : undefined;
  const sorted = lines.sort((one, other) => compareBytewise(one.name, other.name));
  const installed = sorted.filter(({ name }) => !selfMade.test(name));
  return {
    digestOf: single === undefined ? 'listing' : 'file',
    sha256: single ?? digestOf(sorted),
    installedSha256: single ?? digestOf(installed),
    files: files.length,
    bytes: files.reduce((sum, { stamp }) => sum + Number(stamp?.size ?? 0), 0),
  };
}

function lineOf({ name, kind, target = '' }: ListedFile, sha256: string | undefined): string {
  const link = (): string => `link:${createHash('sha256').update(target).digest('hex')}`;
  const word = kind === 'file' ? (sha256 ?? 'unreadable') : kind === 'link' ? link() : kind;
  return `${word}  ${name}\n`;
}

function digestOf(lines: readonly { readonly line: string }[]): string {
  const hash = createHash('sha256');
  for (const { line } of lines) hash.update(line);
  return hash.digest('hex');
}

function refusal(message: string, where: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', message, { where });
}
