import { basename } from 'node:path';
import { type AllowList, allowNothing } from '../allow-list.ts';
import { NotUnderstood } from '../bytes/source.ts';
import type { Limits } from '../limits.ts';
import type { FileResult } from '../result.ts';
import { openResultCache } from '../result-cache.ts';
import { scanFile } from '../scan-file.ts';
import { scannerOf } from '../scanner.ts';

/** One file to be scanned. */
export interface Job {
  /** What to open. */
  readonly path: string;
  /** What the result is called: the path as it was named, or relative to its folder. */
  readonly name: string;
  /** Bytes, as they were when it was found. */
  readonly size: number;
  /** Which of the folders it belongs to; absent for a file that was named itself. */
  readonly folder?: number;
}

/** What all jobs of a scan share: plain values, so that another process can be told. */
export interface JobOptions {
  readonly limits?: Partial<Limits>;
  readonly allow?: AllowList;
  readonly hash?: boolean;
  /** Where results are kept; absent: nowhere. */
  readonly cacheFolder?: string;
  /** Names of the files of each folder. */
  readonly folders: readonly ReadonlySet<string>[];
}

/** Carries a job out, and answers whatever happens: what cannot be scanned is `unknown`, never lost. */
export type CarryOut = (job: Job, progress: (bytes: number) => void) => Promise<FileResult>;

export function jobsWith({ folders, cacheFolder, ...options }: JobOptions): CarryOut {
  const scanner = scannerOf(options.allow ?? allowNothing, options.limits);
  const cache = cacheFolder === undefined ? undefined : openResultCache(cacheFolder, scanner);
  return async (job, progress) => {
    const files = job.folder === undefined ? undefined : folders[job.folder];
    const place = files === undefined ? { name: basename(job.name) } : { folder: { files, path: job.name } };
    try {
      const result = await scanFile(job.path, { ...options, ...(cache && { cache }), ...place, progress });
      return { ...result, path: job.name };
    } catch (error) {
      return notScanned(job, reasonOf(error));
    }
  };
}

/** The result of a file of which nothing is known. */
export function notScanned(
  { name, size }: Pick<Job, 'name' | 'size'>,
  { reason, fix }: { readonly reason: string; readonly fix?: string },
): FileResult {
  const left = [{ part: [], reason, ...(fix === undefined ? {} : { fix }) }];
  return { path: name, size, verdict: 'unknown', summary: reason, findings: [], left, parts: 0, beside: [] };
}

function reasonOf(error: unknown): { reason: string; fix?: string } {
  if (error instanceof NotUnderstood) return { reason: error.message };
  if (error instanceof Error && 'syscall' in error && 'code' in error) {
    return { reason: `it cannot be read: ${String(error.code)}`, fix: 'check its owner and mode' };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { reason: `the scanner failed: ${text}`, fix: 'do not load it, and report this' };
}
