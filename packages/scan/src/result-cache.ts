import { createHash, randomUUID } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { FileResult } from './result.ts';
import type { Scanner } from './scanner.ts';

/**
 * Results of bytes that were scanned before by the same scanner. Whoever may write to it may say that a file is clean:
 * it is a convenience of one user, and nothing that evidence rests on.
 */
export interface ResultCache {
  /** @param name the name of the file without its folders: what it promises is a part of the verdict */
  get(sha256: string, name: string): FileResult | undefined;
  /** Keeps a result, if it is complete and has a digest. */
  put(result: FileResult): void;
}

/** In each of 256 folders, and how many are left when the oldest had to go. */
const [mostEntries, keptEntries] = [40, 30];
const mostBytes = 2 ** 15;

/** Where a user's results are kept: `$XDG_CACHE_HOME/holdfast/scan` (XDG Base Directory Specification). */
export function defaultCacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') === true ? base : join(homedir(), '.cache'), 'holdfast', 'scan');
}

/** Opens the cache, or makes it; `undefined` where it cannot be, or where another user could write to it. */
export function openResultCache(folder: string, scanner: Scanner): ResultCache | undefined {
  if (!isOurs(folder)) return undefined;
  const identity = JSON.stringify([scanner, newestSource()]);
  const place = (sha256: string, name: string): string => {
    const key = hex(JSON.stringify([identity, sha256, name]));
    return join(folder, key.slice(0, 2), key);
  };
  return {
    get(sha256, name) {
      const result = read(place(sha256, name));
      return result?.sha256 === sha256 ? result : undefined;
    },
    put(result) {
      // What was left may be understood the next time: it may have been a matter of time or of memory.
      if (result.sha256 === undefined || result.left.length > 0) return;
      const name = result.path.slice(result.path.lastIndexOf('/') + 1);
      write(place(result.sha256, name), result);
    },
  };
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A folder of this user alone; none that somebody else made, and no link to one. */
function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    if (!stats.isDirectory()) return false;
    return process.getuid === undefined || (stats.uid === process.getuid() && (stats.mode & 0o022) === 0);
  } catch {
    return false;
  }
}

/** Behind the digest of its text, so that what was cut short or rotted is no entry. */
function read(file: string): FileResult | undefined {
  try {
    const [digest, text = ''] = readFileSync(file, 'utf8').split('\n');
    return digest === hex(text) ? (JSON.parse(text) as FileResult) : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written is none: the scan goes on. */
function write(file: string, result: FileResult): void {
  const text = JSON.stringify(result);
  if (text.length > mostBytes) return;
  const folder = join(file, '..');
  const temporary = `${file}.${randomUUID()}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${hex(text)}\n${text}`, { mode: 0o600 });
    renameSync(temporary, file);
    makeRoom(folder);
  } catch {
    rmSync(temporary, { force: true });
  }
}

function makeRoom(folder: string): void {
  const names = readdirSync(folder);
  if (names.length <= mostEntries) return;
  const entries = names.map((name) => ({ file: join(folder, name), age: statSync(join(folder, name)).mtimeMs }));
  const oldest = entries.toSorted((a, b) => a.age - b.age).slice(0, entries.length - keptEntries);
  for (const { file } of oldest) rmSync(file, { force: true });
}

/** In a checkout the version stays while the sources change. */
function newestSource(): number {
  if (!import.meta.url.endsWith('.ts')) return 0;
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(...files.map((name) => statSync(new URL(name, folder)).mtimeMs));
}
