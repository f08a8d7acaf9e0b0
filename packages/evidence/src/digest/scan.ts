import { isUtf8 } from 'node:buffer';
import { type BigIntStats, type Dir, lstatSync, opendirSync, realpathSync, statSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { EvidenceError, type EvidenceErrorCode } from '../errors.ts';
import { isIgnored } from './ignore.ts';
import { type FileStamp, stampOf } from './stamp.ts';

/** A file that was found: where to read it, and the state that it was in. */
export interface FoundFile {
  /** Relative POSIX path inside the folder; `''` for a single file. */
  readonly name: string;
  /** What to open; for a followed link, the file that it leads to. */
  readonly path: string;
  readonly stamp: FileStamp;
}

export interface ScanOptions {
  /** `follow`: links to files inside the same folder count as files. Default: `refuse`. */
  readonly symlinks?: 'refuse' | 'follow';
  /** Relative POSIX paths that are left out, with everything below them. */
  readonly ignored?: ReadonlySet<string>;
  /** Most files and folders that are looked at. Default: one million. */
  readonly maxFiles?: number;
}

export type Scan =
  | { readonly kind: 'file'; readonly file: FoundFile }
  | { readonly kind: 'folder'; readonly files: readonly FoundFile[] };

const MOST_FILES = 1_000_000;
const MOST_DEPTH = 256;
/** Entries looked at between two turns of the event loop. */
const TURN = 2000;

/**
 * Finds the files below `path` without reading them, in no particular order.
 *
 * @throws EvidenceError `HF_DIGEST_NOT_FOUND`, `HF_DIGEST_SYMLINK`, `HF_DIGEST_SPECIAL_FILE`, `HF_DIGEST_NAME`,
 *   `HF_DIGEST_TOO_MANY_FILES`, `HF_DIGEST_UNREADABLE`, `HF_DIGEST_CHANGED`
 */
export async function scan(path: string, options: ScanOptions = {}): Promise<Scan> {
  const stats = rootStats(path);
  const follow = options.symlinks === 'follow';
  if (stats.isSymbolicLink() && !follow) throw refused('HF_DIGEST_SYMLINK', path, 'is a symbolic link');
  const root = reading(path, () => realpathSync(path));
  const target = reading(root, () => statSync(root, { bigint: true }));
  if (target.isFile()) return { kind: 'file', file: { name: '', path: root, stamp: stampOf(target) } };
  if (!target.isDirectory()) throw refused('HF_DIGEST_SPECIAL_FILE', path, 'is neither a file nor a folder');
  const walk = new Walk(root, follow, options.ignored ?? new Set(), options.maxFiles ?? MOST_FILES);
  await walk.folder('', 0);
  return { kind: 'folder', files: walk.found };
}

function rootStats(path: string): BigIntStats {
  try {
    return lstatSync(path, { bigint: true });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR' || path.includes('\0')) {
      throw new EvidenceError('HF_DIGEST_NOT_FOUND', `\`${path}\` does not exist`, { where: path, cause });
    }
    throw unreadable(path, cause);
  }
}

class Walk {
  readonly found: FoundFile[] = [];
  readonly #root: string;
  readonly #follow: boolean;
  readonly #ignored: ReadonlySet<string>;
  readonly #most: number;
  #seen = 0;

  constructor(root: string, follow: boolean, ignored: ReadonlySet<string>, most: number) {
    this.#root = root;
    this.#follow = follow;
    this.#ignored = ignored;
    this.#most = most;
  }

  /** `name` is the folder's relative path, `''` for the root. */
  async folder(name: string, depth: number): Promise<void> {
    if (depth > MOST_DEPTH) throw refused('HF_DIGEST_TOO_MANY_FILES', name, `is over ${MOST_DEPTH} folders deep`);
    const subfolders: string[] = [];
    const folder = reading(this.#absolute(name), () => openFolder(this.#absolute(name)));
    try {
      for (let raw = nextName(folder); raw !== undefined; raw = nextName(folder)) {
        this.#entry(name === '' ? textOf(raw) : `${name}/${textOf(raw)}`, subfolders);
        if (this.#seen % TURN === 0) await setImmediate();
      }
    } finally {
      folder.closeSync();
    }
    for (const subfolder of subfolders) await this.folder(subfolder, depth + 1);
  }

  #entry(name: string, subfolders: string[]): void {
    if (isIgnored(name, this.#ignored)) return;
    this.#seen += 1;
    if (this.#seen > this.#most) {
      throw refused('HF_DIGEST_TOO_MANY_FILES', this.#root, `holds over ${this.#most} files and folders`);
    }
    const path = this.#absolute(name);
    const stats = reading(path, () => lstatSync(path, { bigint: true }));
    if (stats.isFile()) this.found.push({ name, path, stamp: stampOf(stats) });
    else if (stats.isDirectory()) subfolders.push(name);
    else if (stats.isSymbolicLink()) this.#link(name, path);
    else throw refused('HF_DIGEST_SPECIAL_FILE', name, 'is a pipe, a socket or a device');
  }

  /**
   * A link to a folder is refused even when links are followed: it can loop, and OpenSSF Model Signing passes it
   * over in silence, so a signature would not cover what lies behind it.
   */
  #link(name: string, path: string): void {
    if (!this.#follow) throw refused('HF_DIGEST_SYMLINK', name, 'is a symbolic link');
    const target = linkTarget(name, path);
    if (!target.startsWith(`${this.#root === '/' ? '' : this.#root}/`)) {
      throw refused('HF_DIGEST_SYMLINK', name, `links to \`${target}\`, outside the folder`);
    }
    const stats = reading(target, () => lstatSync(target, { bigint: true }));
    if (stats.isDirectory()) throw refused('HF_DIGEST_SYMLINK', name, 'links to a folder');
    if (!stats.isFile()) throw refused('HF_DIGEST_SPECIAL_FILE', name, 'links to a pipe, a socket or a device');
    this.found.push({ name, path: target, stamp: stampOf(stats) });
  }

  #absolute(name: string): string {
    return name === '' ? this.#root : `${this.#root === '/' ? '' : this.#root}/${name}`;
  }
}

function openFolder(path: string): Dir {
  return opendirSync(path, { encoding: 'buffer' as BufferEncoding, bufferSize: 256 });
}

function nextName(folder: Dir): Buffer | undefined {
  // With `encoding: 'buffer'` names are Buffers, which the types do not say.
  return reading(folder.path, () => folder.readSync()?.name) as unknown as Buffer | undefined;
}

/**
 * Names as bytes, so that two names that differ only in invalid UTF-8 do not become one. A newline would let one
 * name pose as two lines of `dirHash` (Go's dirhash refuses it for the same reason).
 */
function textOf(name: Buffer): string {
  const text = name.toString('utf8');
  if (isUtf8(name) && !text.includes('\n')) return text;
  throw refused('HF_DIGEST_NAME', JSON.stringify(text), 'holds a newline or is not UTF-8');
}

function linkTarget(name: string, path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw refused('HF_DIGEST_SYMLINK', name, 'links to nothing, or in a circle');
  }
}

/** Runs one file-system call; what was there a moment ago and now is not has changed. */
function reading<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) throw unreadable(path, cause);
    throw new EvidenceError('HF_DIGEST_CHANGED', `\`${path}\` was there a moment ago and is gone`, {
      where: path,
      cause,
    });
  }
}

function unreadable(path: string, cause: unknown): EvidenceError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new EvidenceError('HF_DIGEST_UNREADABLE', `\`${path}\` cannot be read (${code})`, { where: path, cause });
}

function refused(code: EvidenceErrorCode, name: string, why: string): EvidenceError {
  return new EvidenceError(code, `\`${name}\` ${why}`, { where: name });
}
