import type { AllowList } from '../allow-list.ts';
import type { Limits } from '../limits.ts';
import type { FileResult } from '../result.ts';

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

/** The result of a file of which nothing is known. */
export function notScanned(
  { name, size }: Pick<Job, 'name' | 'size'>,
  { reason, fix }: { readonly reason: string; readonly fix?: string },
): FileResult {
  const left = [{ part: [], reason, ...(fix === undefined ? {} : { fix }) }];
  return { path: name, size, verdict: 'unknown', summary: reason, findings: [], left, parts: 0, beside: [] };
}
