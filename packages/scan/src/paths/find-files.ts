import { isUtf8 } from 'node:buffer';
import { lstatSync, opendirSync, readlinkSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { IGNORED_PATHS } from '@holdfast/evidence/digest/ignore';
import type { FolderLink } from '../folder/judge-folder.ts';
import { inNaturalOrder } from './natural-order.ts';

/** A file that can be scanned. */
export interface FoundFile {
  /** Posix, relative to the folder. */
  readonly name: string;
  /** What to open: for a link within the folder, what it leads to. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Something in a folder that is no file to be scanned, and so not known to be clean. */
export interface Unscannable {
  readonly name: string;
  readonly reason: string;
  readonly fix?: string;
}

export interface FoundFiles {
  /** In natural order, as are the others. */
  readonly files: readonly FoundFile[];
  readonly unscannable: readonly Unscannable[];
  /** Links that were not followed, with where they lead: relative to where they lie, or as they say where that is nothing. */
  readonly links: readonly FolderLink[];
  /** What is left out as it is from the digest of a folder: `.git` and its kin at the top. */
  readonly ignored: readonly string[];
}

const mostEntries = 1_000_000;
const mostDepth = 256;

/** Finds every file below a folder. Links are followed only to files that belong to it. */
export function findFiles(folder: string): FoundFiles {
  const walk = new Walk(realpathSync(folder));
  walk.folder('', 0);
  const order = <T extends { readonly name: string }>(items: readonly T[]): T[] =>
    items.toSorted((a, b) => inNaturalOrder(a.name, b.name));
  return {
    files: order(walk.files),
    unscannable: order(walk.unscannable),
    links: walk.links.toSorted((a, b) => inNaturalOrder(a.path, b.path)),
    ignored: walk.ignored.toSorted(),
  };
}

class Walk {
  readonly files: FoundFile[] = [];
  readonly unscannable: Unscannable[] = [];
  readonly links: FolderLink[] = [];
  readonly ignored: string[] = [];
  readonly #root: string;
  readonly #boundary: string;
  #entries = 0;

  constructor(root: string) {
    this.#root = root;
    this.#boundary = boundaryOf(root);
  }

  folder(name: string, depth: number): void {
    if (depth > mostDepth) {
      this.#leave(name, `more than ${mostDepth} folders deep: not opened`);
      return;
    }
    for (const raw of this.#namesIn(name)) {
      const text = raw.toString('utf8');
      const within = name === '' ? text : `${name}/${text}`;
      this.#entries += 1;
      if (this.#entries > mostEntries) {
        if (this.#entries === mostEntries + 1) this.#leave(name, `more than ${mostEntries} files and folders`);
        return;
      }
      if (name === '' && IGNORED_PATHS.includes(text)) this.ignored.push(text);
      else if (isUtf8(raw)) this.#entry(within, depth);
      else this.#leave(within, 'its name is not UTF-8', 'give it another name');
    }
  }

  #namesIn(name: string): Buffer[] {
    const names: Buffer[] = [];
    try {
      // With `encoding: 'buffer'` names are Buffers, which the types do not say.
      using folder = opendirSync(this.#absolute(name), { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        names.push(entry.name as unknown as Buffer);
        if (names.length > mostEntries) break;
      }
    } catch (error) {
      this.#leave(name, `the folder cannot be read: ${codeOf(error)}`);
    }
    return names;
  }

  #entry(name: string, depth: number): void {
    const path = this.#absolute(name);
    try {
      const stats = lstatSync(path);
      if (stats.isSymbolicLink()) this.#link(name, path);
      else if (stats.isDirectory()) this.folder(name, depth + 1);
      else this.#file(name, path, stats);
    } catch (error) {
      this.#leave(name, `it cannot be read: ${codeOf(error)}`);
    }
  }

  #file(name: string, path: string, stats: Stats): void {
    if (stats.isFile()) this.files.push({ name, path, size: stats.size });
    else this.#leave(name, 'a pipe, a socket or a device', 'a model has no use for it: delete it');
  }

  /** A link out of the folder leads to other bytes on every machine: what is there says nothing about the folder. */
  #link(name: string, path: string): void {
    const target = linkTarget(path);
    if (target === undefined) {
      this.links.push({ path: name, target: readlinkSync(path).replaceAll('\\', '/') });
      this.#leave(name, 'a link to nothing, or in a circle', 'delete it, or download what it links to');
      return;
    }
    const stats = statSync(target);
    const inside = isWithin(this.#boundary, target);
    // Its files are found under their own names.
    if (stats.isDirectory() && isWithin(this.#root, target) && !this.#isIgnored(target)) return;
    if (inside && !stats.isDirectory()) {
      this.#file(name, target, stats);
      return;
    }
    this.links.push({ path: name, target: relative(dirname(path), target).replaceAll('\\', '/') });
    this.#leave(name, 'a link out of the folder: not followed', 'scan what it links to, or replace it by a copy');
  }

  #isIgnored(target: string): boolean {
    const [top = ''] = target.slice(this.#root.length + 1).split('/');
    return IGNORED_PATHS.includes(top);
  }

  #leave(name: string, reason: string, fix?: string): void {
    this.unscannable.push({ name: name === '' ? '.' : name, reason, ...(fix === undefined ? {} : { fix }) });
  }

  #absolute(name: string): string {
    return name === '' ? this.#root : `${this.#root === '/' ? '' : this.#root}/${name}`;
  }
}

/**
 * What belongs to a folder. The cache of the Hugging Face hub keeps the files of all revisions of a repository in
 * `models--NAME/blobs`, and each `models--NAME/snapshots/REVISION` is a folder of links to them.
 */
function boundaryOf(root: string): string {
  return /^(.*\/(?:models|datasets|spaces)--[^/]+)\/snapshots\/[^/]+(?:\/|$)/.exec(root)?.[1] ?? root;
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

function linkTarget(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
