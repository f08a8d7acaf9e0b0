import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type FileStamp, sameStamp, stampOf } from './stamp.ts';

/** Bytes `start` (included) to `end` (not included) of the file that had `stamp` when it was found. */
export interface RangeTask {
  readonly path: string;
  readonly stamp: FileStamp;
  readonly start: number;
  readonly end: number;
}

/** The digest of a range, or why there is none. Plain data: it crosses threads. */
export type RangeResult =
  | { readonly sha256: string }
  | { readonly fault: 'changed' | 'unreadable'; readonly path: string; readonly reason: string };

/** Small enough to stay in a core's second-level cache between `read` and SHA-256. */
const READ_BYTES = 256 * 1024;

/** A buffer for {@link hashRange}; one a thread is enough, whatever the size of the files. */
export function readBuffer(): Buffer {
  // Not from Node's shared pool, and not zeroed: every byte hashed was read first.
  return Buffer.allocUnsafeSlow(READ_BYTES);
}

/**
 * SHA-256 of one range of a file, read once through `buffer`. The file must carry the task's stamp both when it is
 * opened and when the last byte was read; anything else is `changed`.
 */
export function hashRange(task: RangeTask, buffer: Buffer): RangeResult {
  let descriptor: number;
  try {
    // O_NOFOLLOW: the path was resolved before. O_NONBLOCK: a pipe that took the file's place must not block us.
    descriptor = openSync(task.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return faultOf(task, error);
  }
  try {
    return hashOpened(task, descriptor, buffer);
  } catch (error) {
    return faultOf(task, error);
  } finally {
    closeSync(descriptor);
  }
}

function hashOpened(task: RangeTask, descriptor: number, buffer: Buffer): RangeResult {
  if (!sameStamp(stampOf(fstatSync(descriptor, { bigint: true })), task.stamp)) return changed(task);
  const hash = createHash('sha256');
  for (let position = task.start; position < task.end; ) {
    const count = readSync(descriptor, buffer, 0, Math.min(buffer.length, task.end - position), position);
    if (count === 0) return changed(task);
    hash.update(count === buffer.length ? buffer : buffer.subarray(0, count));
    position += count;
  }
  if (holdsMore(task, descriptor, buffer)) return changed(task);
  if (!sameStamp(stampOf(fstatSync(descriptor, { bigint: true })), task.stamp)) return changed(task);
  return { sha256: hash.digest('hex') };
}

/** A file that gives more bytes than its size says: it grew, or it is not a real file (`/proc` says 0). */
function holdsMore({ end, stamp }: RangeTask, descriptor: number, buffer: Buffer): boolean {
  return BigInt(end) === stamp.size && readSync(descriptor, buffer, 0, 1, end) > 0;
}

function changed(task: RangeTask): RangeResult {
  return { fault: 'changed', path: task.path, reason: 'changed while being read' };
}

/** Gone, or a link now: it was a plain file a moment ago. The rest (EACCES, EIO …) is for a person to mend. */
function faultOf(task: RangeTask, error: unknown): RangeResult {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  const fault = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'].includes(code) ? 'changed' : 'unreadable';
  return { fault, path: task.path, reason: code };
}
