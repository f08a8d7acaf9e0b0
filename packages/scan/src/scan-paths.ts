import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { allowNothing } from './allow-list.ts';
import { ScanError } from './errors.ts';
import { shown } from './finding.ts';
import { judgeFolder } from './folder/judge-folder.ts';
import { withFolderFindings } from './folder/with-folder-findings.ts';
import { defaultLimits } from './limits.ts';
import { type FoundFiles, findFiles } from './paths/find-files.ts';
import { type Job, type JobOptions, notScanned } from './paths/job.ts';
import { inNaturalOrder } from './paths/natural-order.ts';
import { type PathReport, type ScanReport, totalsOf, verdictOf } from './paths/report.ts';
import { type Progress, ScanProgress } from './paths/scan-progress.ts';
import type { FileResult } from './result.ts';
import { scannerOf } from './scanner.ts';

export interface ScanPathsOptions extends Omit<JobOptions, 'folders'> {
  /** Where relative paths start (default: the working directory). */
  readonly folder?: string;
  /** How many processes scan at once; 0 for this one (default: this one for little, else as many as processors, up to 8). */
  readonly processes?: number;
  /** Bytes of memory that one process may hold (default: 1 GiB). */
  readonly memory?: number;
  /** Asked for only where other processes scan: this one, while it does, hears of nothing and can simply be ended. */
  readonly signal?: () => AbortSignal;
  readonly progress?: (progress: Progress) => void;
}

/** Up to here starting a process takes longer than the scan: files and bytes in all. */
const little = { files: 256, bytes: 2 ** 25 };
/** Milliseconds that a scan may take beyond its limit before it is stopped from outside. */
const grace = 5000;
/** What a process may use for one file, unless somebody says otherwise. */
export const processLimits = { memory: 2 ** 30, time: defaultLimits.time + grace } as const;

/**
 * Scans files and folders. Every file is answered for, in an order that does not depend on how fast each was.
 *
 * @throws ScanError HF_SCAN_PATH where there is nothing at a path
 * @throws ScanError HF_SCAN_INTERRUPTED
 * @example
 * ```ts
 * import { scanPaths } from '@holdfast/scan/scan-paths';
 * const { verdict, totals } = await scanPaths(['resnet-finetuned'], {});
 * ```
 */
export async function scanPaths(paths: readonly string[], options: ScanPathsOptions = {}): Promise<ScanReport> {
  const began = performance.now();
  const roots = paths.map((path) => rootOf(path, options.folder ?? process.cwd()));
  const jobs = roots.flatMap((root, index) => jobsOf(root, index));
  const results = await carryOut(jobs, roots, options);
  const own = Map.groupBy(results.keys(), (at) => jobs[at]?.root);
  const reports = roots.map((root, index): PathReport => {
    const of = (own.get(index) ?? []).flatMap((at) => results[at] ?? []);
    return { path: root.path, kind: root.found === undefined ? 'file' : 'folder', ...filesOf(root, of) };
  });
  const files = reports.flatMap((report) => report.files);
  return {
    scanner: scannerOf(options.allow ?? allowNothing, options.limits),
    verdict: verdictOf(reports.every((report) => report.files.length > 0) ? files : []),
    paths: reports,
    totals: totalsOf(files),
    seconds: Math.round(performance.now() - began) / 1000,
  };
}

interface Root {
  readonly path: string;
  readonly absolute: string;
  readonly size: number;
  /** What a folder holds. */
  readonly found: FoundFiles | undefined;
}

interface RootJob extends Job {
  readonly root: number;
}

function rootOf(path: string, folder: string): Root {
  const absolute = resolve(folder, path);
  try {
    const stats = statSync(absolute);
    return { path, absolute, size: stats.size, found: stats.isDirectory() ? findFiles(absolute) : undefined };
  } catch (cause) {
    throw new ScanError('HF_SCAN_PATH', `there is nothing to scan at ${shown(path, 400)}`, { cause });
  }
}

function jobsOf({ path, absolute, size, found }: Root, root: number): RootJob[] {
  if (found === undefined) return [{ root, path: absolute, name: path, size }];
  return found.files.map((file) => ({ root, folder: root, ...file }));
}

function filesOf({ found }: Root, results: readonly FileResult[]) {
  const unopened = (found?.unscannable ?? []).map(({ name, ...why }) => notScanned({ name, size: 0 }, why));
  const all = [...results, ...unopened].toSorted((a, b) => inNaturalOrder(a.path, b.path));
  const files = found === undefined ? all : withFolderFindings(all, judgeFolder(all, found.links));
  return { verdict: verdictOf(files), files, ignored: found?.ignored ?? [] };
}

async function carryOut(
  jobs: readonly RootJob[],
  roots: readonly Root[],
  { limits, allow, hash, cacheFolder, ...how }: ScanPathsOptions,
): Promise<FileResult[]> {
  const folders = roots.map(({ found }) => new Set(found?.files.map(({ name }) => name)));
  const shared: JobOptions = {
    ...{ folders, ...(limits && { limits }), ...(allow && { allow }), ...(hash === undefined ? {} : { hash }) },
    ...(cacheFolder === undefined ? {} : { cacheFolder }),
  };
  const results = new Map<number, FileResult>();
  const progress = new ScanProgress(jobs, how.progress);
  const done = (index: number, result: FileResult): void => {
    results.set(index, result);
    progress.done(index);
  };
  const processes = how.processes ?? processesFor(jobs);
  if (processes > 0) {
    const { scanInProcesses } = await import('./processes/scan-in-processes.ts');
    const bounds = { memory: how.memory ?? processLimits.memory, time: (limits?.time ?? defaultLimits.time) + grace };
    const told = { progress: progress.at.bind(progress), done, signal: how.signal?.() };
    await scanInProcesses(jobs, shared, { processes, limits: bounds, ...told });
  } else {
    const { jobsWith } = await import('./paths/carry-out.ts');
    const scan = jobsWith(shared);
    for (const [index, job] of jobs.entries()) {
      done(index, await scan(job, progress.at.bind(progress, index)));
    }
  }
  return jobs.map((job, index) => results.get(index) ?? notScanned(job, { reason: 'not scanned' }));
}

/** How many processes are worth it: none for little. */
export function processesFor(jobs: readonly Job[]): number {
  const bytes = jobs.reduce((sum, { size }) => sum + size, 0);
  if (jobs.length <= little.files && bytes <= little.bytes) return 0;
  return Math.min(availableParallelism(), 8);
}
