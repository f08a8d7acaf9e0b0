import { ScanError } from '../errors.ts';
import { type Job, type JobOptions, notScanned } from '../paths/job.ts';
import type { FileResult } from '../result.ts';
import { type Failure, type ProcessLimits, ScanProcess } from './scan-process.ts';

export interface InProcesses {
  readonly processes: number;
  readonly limits: ProcessLimits;
  readonly signal?: AbortSignal | undefined;
  readonly progress: (index: number, bytes: number) => void;
  readonly done: (index: number, result: FileResult) => void;
}

const failures: Readonly<Record<Failure, (limits: ProcessLimits) => { reason: string; fix?: string }>> = {
  memory: ({ memory }) => ({
    reason: `the scan needed more than ${Math.round(memory / 2 ** 20)} MiB of memory: stopped`,
  }),
  time: ({ time }) => ({ reason: `the scan did not end within ${time / 1000} s: stopped` }),
  died: () => ({ reason: 'the process that scanned it died', fix: 'do not load it, and report this' }),
  'not-started': () => ({
    reason: 'no process could be started to scan it',
    fix: 'scan it on a machine with more room',
  }),
};

/**
 * Scans files in several processes at once, the largest first, so that none is begun last. A file on which a process
 * dies or hangs is `unknown`; the others go on in a new one.
 *
 * @throws ScanError HF_SCAN_INTERRUPTED when the signal is aborted; no process is left then
 */
export async function scanInProcesses(jobs: readonly Job[], options: JobOptions, how: InProcesses): Promise<void> {
  const waiting = [...jobs.entries()].toSorted(([, a], [, b]) => b.size - a.size);
  const alive = new Set<ScanProcess>();
  const stop = (): void => {
    for (const each of alive) each.kill();
  };
  const stopping = (): void => {
    waiting.length = 0;
    stop();
  };
  how.signal?.addEventListener('abort', stopping);
  process.on('exit', stop);
  try {
    requireWish(how.signal);
    const lines = Math.min(how.processes, jobs.length);
    await Promise.all(Array.from({ length: lines }, async () => workThrough(waiting, alive, options, how)));
    requireWish(how.signal);
  } finally {
    how.signal?.removeEventListener('abort', stopping);
    process.off('exit', stop);
    stop();
  }
}

async function workThrough(
  waiting: (readonly [number, Job])[],
  alive: Set<ScanProcess>,
  options: JobOptions,
  { limits, progress, done }: InProcesses,
): Promise<void> {
  let current: ScanProcess | undefined;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [index, job] = next;
    if (current?.ended !== false) {
      if (current !== undefined) alive.delete(current);
      current = new ScanProcess(options, limits);
      alive.add(current);
    }
    const result = await current.scan(index, job, (bytes) => {
      progress(index, bytes);
    });
    done(index, typeof result === 'string' ? notScanned(job, failures[result](limits)) : result);
  }
}

function requireWish(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new ScanError('HF_SCAN_INTERRUPTED', 'the scan was interrupted');
}
