import { basename } from 'node:path';
import { allowNothing } from '../allow-list.ts';
import { NotUnderstood } from '../bytes/source.ts';
import { openResultCache } from '../result-cache.ts';
import { scanFile } from '../scan-file.ts';
import { scannerOf } from '../scanner.ts';
import { type CarryOut, type JobOptions, notScanned } from './job.ts';

/** Who carries jobs out in this process. It brings every format along: who only hands jobs on needs none of them. */
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

function reasonOf(error: unknown): { reason: string; fix?: string } {
  if (error instanceof NotUnderstood) return { reason: error.message };
  if (error instanceof Error && 'syscall' in error && 'code' in error) {
    return { reason: `it cannot be read: ${String(error.code)}`, fix: 'check its owner and mode' };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { reason: `the scanner failed: ${text}`, fix: 'do not load it, and report this' };
}
