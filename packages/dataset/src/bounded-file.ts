import { readFileSync, type Stats, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { DatasetError, shown } from './errors.ts';
import type { Limits } from './samples.ts';

/** What lies at a path, links followed. @throws DatasetError HF_DATASET_UNREADABLE */
export function requireStats(path: string): Stats {
  try {
    const found = statSync(path);
    if (found.isFile() || found.isDirectory()) return found;
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} cannot be opened: ${reason}`, {
      where: path,
      cause,
    });
  }
  throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} is neither a file nor a folder`, { where: path });
}

/** All bytes of a file, gunzipped where it is. @throws DatasetError HF_DATASET_UNREADABLE, HF_DATASET_LIMIT, HF_DATASET_FORMAT */
export function readBounded(path: string, limits: Limits): Uint8Array {
  const { size } = requireStats(path);
  if (size > limits.fileBytes) tooLarge(path, `has ${size} bytes`, 'fileBytes', limits);
  const bytes = read(path);
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipped(path, bytes, limits) : bytes;
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} cannot be read: ${reason}`, { where: path, cause });
  }
}

function gunzipped(path: string, bytes: Uint8Array, limits: Limits): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: limits.fileBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      return tooLarge(path, 'unpacks to more', 'fileBytes', limits);
    }
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} is not well-formed gzip`, { where: path, cause });
  }
}

/** @throws DatasetError HF_DATASET_LIMIT */
export function tooLarge(path: string, what: string, limit: keyof Limits, limits: Limits): never {
  const message = `${shown(path)} ${what}, more than \`${limit}\`: ${limits[limit]}`;
  throw new DatasetError('HF_DATASET_LIMIT', message, { where: path });
}

/** Checks how many samples there are, and how much their values take. @throws DatasetError HF_DATASET_LIMIT */
export function requireSize(path: string, shape: readonly number[], limits: Limits): number {
  const [rows = 1] = shape;
  const count = shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1);
  if (rows > limits.rows) tooLarge(path, `has ${rows} samples`, 'rows', limits);
  if (count * 4 > limits.valueBytes) tooLarge(path, `takes ${count * 4} bytes in memory`, 'valueBytes', limits);
  return count;
}
