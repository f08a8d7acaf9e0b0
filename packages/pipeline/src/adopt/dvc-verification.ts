import { createHash } from 'node:crypto';
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type DvcDigests, dvcDigests } from './dvc-digests.ts';
import { type DvcListed, filesBelow, listingText, readListing } from './dvc-folder.ts';
import type { DvcRecord } from './dvc-lock.ts';
import { shown } from './found.ts';
import { type ProjectFolder, unreadable } from './project-folder.ts';

/** What became of comparing a file or folder with what DVC recorded of it. */
export type Verification =
  | { readonly state: 'same'; readonly sha256: ReadonlyMap<string, string> }
  /** `what` says how it differs. */
  | { readonly state: 'different'; readonly path: string; readonly what: string }
  | { readonly state: 'missing' }
  /** It cannot be told. */
  | { readonly state: 'unknown'; readonly what: string };

const maximumListing = 128 * 1024 * 1024;

/**
 * Compares the files of a project with the MD5 digests that DVC recorded of them, and the objects in DVC's cache with
 * their names. Every byte is read; a file that is there twice, as a hard link or a link, is read once.
 */
export class DvcVerifier {
  readonly #folder: ProjectFolder;
  /** Folder of the cache, as a path of the project. */
  readonly #cache: string | undefined;
  #root: Promise<string> | undefined;
  readonly #digests = new Map<string, Promise<DvcDigests>>();

  constructor(folder: ProjectFolder, cache: string | undefined) {
    this.#folder = folder;
    this.#cache = cache;
  }

  /** Compares what is in the project. `sha256` of the result is by path inside a folder, and by `''` for a file. */
  async workspace(record: DvcRecord): Promise<Verification> {
    const path = join(this.#folder.path, record.path);
    const found = await lstat(path).catch(() => undefined);
    if (found === undefined) return { state: 'missing' };
    if (found.isDirectory() !== record.isFolder && !found.isSymbolicLink()) {
      return different(record.path, `is a ${found.isDirectory() ? 'folder' : 'file'}, not what was recorded`);
    }
    const obstacle = record.isFolder ? await this.#linkOut(path) : await this.#obstacle(path);
    if (obstacle !== undefined) return { state: 'unknown', what: obstacle };
    return record.isFolder ? this.#workspaceFolder(record, path) : this.#workspaceFile(record, path);
  }

  async #workspaceFile(record: DvcRecord, path: string): Promise<Verification> {
    const digests = await this.#read(path, record.isLegacy);
    const md5s = md5sOf(digests, record.isLegacy);
    if (md5s.includes(record.md5)) return { state: 'same', sha256: new Map([['', digests.sha256]]) };
    return different(record.path, `has the MD5 ${md5s[0] ?? ''}, not ${record.md5}`);
  }

  async #workspaceFolder(record: DvcRecord, path: string): Promise<Verification> {
    const digests = new Map<string, DvcDigests>();
    for (const { name, isPlain } of await filesBelow(path, record.path)) {
      const obstacle = isPlain ? undefined : await this.#obstacle(join(path, name));
      if (obstacle !== undefined) return { state: 'unknown', what: `holds ${shown(name)}, which ${obstacle}` };
      digests.set(name, await this.#read(join(path, name), record.isLegacy));
    }
    const sha256 = new Map([...digests].map(([name, { sha256: hex }]) => [name, hex]));
    for (const way of record.isLegacy ? [0, -1] : [0]) {
      const files = [...digests].map(([relpath, one]) => ({
        relpath,
        md5: md5sOf(one, record.isLegacy).at(way) ?? '',
      }));
      if (md5Of(listingText(files)) === record.md5) return { state: 'same', sha256 };
    }
    return this.#difference(record, digests);
  }

  /** Says which file of a folder differs, by the list in the cache. */
  async #difference(record: DvcRecord, digests: ReadonlyMap<string, DvcDigests>): Promise<Verification> {
    const listed = await this.listing(record).catch(() => undefined);
    if (listed === undefined) return different(record.path, 'holds other files than were recorded');
    for (const { relpath, md5 } of listed) {
      const found = digests.get(relpath);
      const path = `${record.path}/${relpath}`;
      if (found === undefined) return different(path, 'is missing');
      const [own = '', ...others] = md5sOf(found, record.isLegacy);
      if (![own, ...others].includes(md5)) return different(path, `has the MD5 ${own}, not ${md5}`);
    }
    const names = new Set(listed.map(({ relpath }) => relpath));
    const extra = [...digests.keys()].find((name) => !names.has(name)) ?? '';
    if (await this.#ignoresFiles()) {
      return { state: 'unknown', what: `holds ${shown(extra)}, which was not recorded and \`.dvcignore\` may name` };
    }
    return different(`${record.path}/${extra}`, 'was not recorded');
  }

  async #ignoresFiles(): Promise<boolean> {
    const files = this.#folder.files.filter((path) => /(?:^|\/)\.dvcignore$/.test(path));
    const texts = await Promise.all(files.map(async (path) => (await this.#folder.read(path)) ?? ''));
    return texts.some((text) => text.split('\n').some((line) => line.trim() !== '' && !line.trim().startsWith('#')));
  }

  /**
   * Compares an object of the cache, and of a folder those of its files, with their names.
   *
   * @returns what differs, or nothing; an object that is not there differs from nothing
   */
  async cached(record: DvcRecord): Promise<{ readonly path: string; readonly what: string } | undefined> {
    const own = this.#object(record.md5, record.isFolder, record.isLegacy);
    if (own === undefined || !(await this.#isThere(own))) return undefined;
    const problem = await this.#wrongObject(own, record.md5, record.isLegacy);
    if (problem !== undefined || !record.isFolder) return problem;
    for (const { md5 } of (await this.listing(record)) ?? []) {
      const object = this.#object(md5, false, record.isLegacy);
      if (object === undefined || !(await this.#isThere(object))) continue;
      const wrong = await this.#wrongObject(object, md5, record.isLegacy);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  async #wrongObject(path: string, md5: string, isLegacy: boolean) {
    const obstacle = await this.#obstacle(join(this.#folder.path, path));
    if (obstacle !== undefined) return { path, what: obstacle };
    const md5s = md5sOf(await this.#read(join(this.#folder.path, path), isLegacy), isLegacy);
    return md5s.includes(md5) ? undefined : { path, what: `has the MD5 ${md5s[0] ?? ''}` };
  }

  /** The list of a folder's files in the cache; `undefined` when it is not there. */
  async listing(record: DvcRecord): Promise<readonly DvcListed[] | undefined> {
    const object = this.#object(record.md5, true, record.isLegacy);
    if (object === undefined || !(await this.#isThere(object))) return undefined;
    const path = join(this.#folder.path, object);
    if ((await stat(path)).size > maximumListing) return undefined;
    return readListing(await readFile(path, 'utf8'), object);
  }

  /** DVC 3 keeps objects below `files/md5`, DVC 2 right in the cache. */
  #object(md5: string, isFolder: boolean, isLegacy: boolean): string | undefined {
    if (this.#cache === undefined) return undefined;
    const name = `${md5.slice(0, 2)}/${md5.slice(2)}${isFolder ? '.dir' : ''}`;
    return `${this.#cache}/${isLegacy ? '' : 'files/md5/'}${name}`;
  }

  #isThere(path: string): Promise<boolean> {
    return stat(join(this.#folder.path, path)).then(
      (found) => found.isFile(),
      () => false,
    );
  }

  /** Why a path may not be read. */
  async #obstacle(path: string): Promise<string | undefined> {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    return (await this.#linkOut(path)) ?? (isFile ? undefined : 'is no file that can be read');
  }

  async #linkOut(path: string): Promise<string | undefined> {
    this.#root ??= realpath(this.#folder.path);
    const [root, real] = await Promise.all([this.#root, realpath(path).catch(() => '/')]);
    return relative(root, real).startsWith('..') ? 'is a link out of the project' : undefined;
  }

  async #read(path: string, isLegacy: boolean): Promise<DvcDigests> {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    const key = [dev, ino, size, mtimeNs, isLegacy].join(':');
    const digests =
      this.#digests.get(key) ??
      dvcDigests(path, isLegacy).catch((cause: unknown) => {
        throw unreadable(relative(this.#folder.path, path), 'cannot be read', { cause });
      });
    this.#digests.set(key, digests);
    return digests;
  }
}

const md5sOf = ({ md5, legacyMd5 }: DvcDigests, isLegacy: boolean): readonly string[] => (isLegacy ? legacyMd5 : [md5]);
const md5Of = (text: string): string => createHash('md5').update(text).digest('hex');
const different = (path: string, what: string): Verification => ({ state: 'different', path, what });
