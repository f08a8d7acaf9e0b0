import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Job, JobOptions } from '../paths/job.ts';
import type { FileResult } from '../result.ts';
import type { Answer, Order } from './messages.ts';

/** What a process may use for one file. */
export interface ProcessLimits {
  /** Bytes of memory of the whole process. */
  readonly memory: number;
  /** Milliseconds; the scan itself ends earlier where it can. */
  readonly time: number;
}

/** Why a process did not answer. */
export type Failure = 'memory' | 'time' | 'died' | 'not-started';

/** How often memory is looked at, in milliseconds. */
const lookEvery = 100;
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/**
 * A process that scans one file after the other. The heap of JavaScript is limited by the engine, everything else by
 * looking at what the process holds: a worker thread can be held to neither.
 */
export class ScanProcess {
  readonly #child: ChildProcess;
  readonly #limits: ProcessLimits;
  #ended = false;

  constructor(options: JobOptions, limits: ProcessLimits) {
    this.#limits = limits;
    const heap = Math.max(64, Math.floor(limits.memory / 2 ** 21));
    this.#child = fork(fileURLToPath(new URL(`./main.${extension}`, import.meta.url)), [], {
      serialization: 'advanced',
      execArgv: [
        ...(extension === 'ts' ? ['--conditions=source'] : []),
        '--disable-warning=ExperimentalWarning',
        `--max-old-space-size=${heap}`,
        // A young generation that is let grow takes 150 MiB for what a small one does as fast.
        '--max-semi-space-size=2',
      ],
      // What the engine says when memory runs out is of no use to anybody.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child.on('error', () => {
      this.#end();
    });
    this.#child.on('exit', () => {
      this.#end();
    });
    this.#tell({ kind: 'begin', options });
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The result, or why there is none; then the process is gone. */
  async scan(index: number, job: Job, progress: (bytes: number) => void): Promise<FileResult | Failure> {
    const child = this.#child;
    const { promise, resolve } = Promise.withResolvers<FileResult | Failure>();
    const stop = (failure: Failure): void => {
      resolve(failure);
      this.kill();
    };
    const hear = (answer: Answer): void => {
      if (answer.index !== index) return;
      if (answer.kind === 'progress') progress(answer.bytes);
      else resolve(answer.result);
    };
    const died = (): void => {
      stop(this.#child.pid === undefined ? 'not-started' : 'died');
    };
    const late = setTimeout(stop, this.#limits.time, 'time');
    const look = setInterval(() => {
      if (residentBytes(child.pid) > this.#limits.memory) stop('memory');
    }, lookEvery);
    child.on('message', hear).once('exit', died).once('error', died);
    if (this.#ended) died();
    else this.#tell({ kind: 'scan', index, job });
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      clearInterval(look);
      child.off('message', hear).off('exit', died).off('error', died);
    }
  }

  kill(): void {
    this.#end();
    this.#child.kill('SIGKILL');
  }

  #end(): void {
    this.#ended = true;
  }

  #tell(order: Order): void {
    // Where the process is gone, its end is told by itself.
    this.#child.send(order, () => undefined);
  }
}

/** Memory that a process holds (proc(5), VmRSS); 0 where the system does not tell. */
function residentBytes(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}
