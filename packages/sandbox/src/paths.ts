import { isAbsolute, relative, resolve } from 'node:path';
import { SandboxError, shown } from './errors.ts';

/** Whether `path` is `folder` or lies in it; both absolute and normal. */
export function isWithin(folder: string, path: string): boolean {
  if (folder === path || folder === '/') return true;
  return path.startsWith(`${folder}/`);
}

/** Whether one of the two holds the other. */
export function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

const maximumPathLength = 4095; // PATH_MAX of linux/limits.h, without its NUL

/**
 * An absolute path without `.`, `..` and double slashes.
 *
 * @throws SandboxError HF_SANDBOX_REQUEST.
 */
export function absolutePath(path: string, what: string): string {
  if (!isAbsolute(path) || path.includes('\0') || Buffer.byteLength(path) > maximumPathLength) {
    throw new SandboxError('HF_SANDBOX_REQUEST', `${what} ${shown(path)} is not an absolute path`, { where: path });
  }
  return resolve(path);
}

/** The path from `folder` to something in it, in parts; `[]` for the folder itself. */
export function partsBelow(folder: string, path: string): readonly string[] {
  const below = relative(folder, path);
  return below === '' ? [] : below.split('/');
}

/** Drops every path that lies in another one, keeps the order. */
export function outermost(paths: readonly string[]): string[] {
  const distinct = new Set(paths);
  return [...distinct].filter((path) => {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (distinct.has(path.slice(0, at))) return false;
    }
    return true;
  });
}
