import type { BigIntStats } from 'node:fs';

/**
 * What the file system says about a file without reading it. Two equal stamps mean "not touched in between", as
 * far as a file system can tell: `ctimeNs` cannot be set back by `touch`. Times are nanoseconds since 1970.
 */
export interface FileStamp {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** The stamp in a `stat` result (taken with `{ bigint: true }`). */
export function stampOf(stats: BigIntStats): FileStamp {
  return { dev: stats.dev, ino: stats.ino, size: stats.size, mtimeNs: stats.mtimeNs, ctimeNs: stats.ctimeNs };
}

/** Whether both stamps are of the same file in the same state. */
export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}
