import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { EvidenceError } from '../errors.ts';
import { hashRange, type RangeResult, type RangeTask, readBuffer } from './range.ts';

/** How the work is spread and stopped. */
export interface PoolOptions {
  /** Worker threads to use when they pay; 0 hashes in the calling thread. Default: one a core. */
  readonly workers?: number;
  /** Stops the work; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Starting a thread costs some 20 ms, as much as hashing this many bytes. */
const WORTH_A_POOL = 64 * 1024 * 1024;
/** Opening and closing a file costs about as much as hashing this many bytes. */
const COST_OF_A_FILE = 32 * 1024;
/** Sending a message to a thread and back costs a fraction of hashing this many bytes. */
const WORTH_A_MESSAGE = 2 * 1024 * 1024;
const MOST_WORKERS = 64;

/**
 * Hashes every range once. Returns lowercase hex SHA-256 digests in the order of `tasks`. Memory is one read
 * buffer a thread, however large the files.
 *
 * @throws EvidenceError `HF_DIGEST_CHANGED` or `HF_DIGEST_UNREADABLE` for the first range that fails
 */
export async function hashRanges(tasks: readonly RangeTask[], options: PoolOptions = {}): Promise<readonly string[]> {
  options.signal?.throwIfAborted();
  const cost = tasks.reduce((sum, task) => sum + costOf(task), 0);
  const workers = Math.min(options.workers ?? availableParallelism(), tasks.length, MOST_WORKERS);
  return cost < WORTH_A_POOL || workers === 0 ? hashHere(tasks, options) : hashInWorkers(tasks, workers, options);
}

async function hashHere(tasks: readonly RangeTask[], { signal }: PoolOptions): Promise<readonly string[]> {
  const buffer = readBuffer();
  const digests: string[] = [];
  let unyielded = 0;
  for (const task of tasks) {
    digests.push(digestOf(hashRange(task, buffer)));
    unyielded += costOf(task);
    if (unyielded < WORTH_A_POOL / 16) continue;
    await setImmediate(); // let timers, sockets and Ctrl-C have their turn
    signal?.throwIfAborted();
    unyielded = 0;
  }
  return digests;
}

async function hashInWorkers(
  tasks: readonly RangeTask[],
  count: number,
  { signal }: PoolOptions,
): Promise<readonly string[]> {
  const work: Work = { tasks, queue: batches(tasks), digests: new Array<string>(tasks.length) };
  const workers = Array.from({ length: count }, startWorker);
  try {
    await Promise.all(workers.map((worker) => drain(worker, work, signal)));
    return work.digests;
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/**
 * Indexes into `tasks`, as many at a time as are worth a message. The largest go first, so that no thread is left
 * alone with a large one at the end.
 */
function* batches(tasks: readonly RangeTask[]): Generator<readonly number[], undefined> {
  const costs = tasks.map(costOf);
  let batch: number[] = [];
  let cost = 0;
  for (const index of [...tasks.keys()].sort((a, b) => (costs[b] ?? 0) - (costs[a] ?? 0))) {
    batch.push(index);
    cost += costs[index] ?? 0;
    if (cost < WORTH_A_MESSAGE) continue;
    yield batch;
    batch = [];
    cost = 0;
  }
  if (batch.length > 0) yield batch;
}

/** In bytes hashed. */
function costOf(task: RangeTask): number {
  return task.end - task.start + COST_OF_A_FILE;
}

function startWorker(): Worker {
  // The worker lies beside this file: TypeScript in a checkout, JavaScript in a published package.
  const worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url));
  worker.setMaxListeners(0);
  return worker;
}

/** What the workers share: the tasks, the batches still to do, and the digests so far. */
interface Work {
  readonly tasks: readonly RangeTask[];
  readonly queue: Generator<readonly number[], undefined>;
  readonly digests: string[];
}

/** Feeds one worker from the shared queue until the queue is empty. */
function drain(worker: Worker, work: Work, signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  let current: readonly number[] = [];
  const feed = (): void => {
    const next = work.queue.next();
    if (next.done === true) {
      resolve(undefined);
      return;
    }
    current = next.value;
    worker.postMessage(current.map((index) => work.tasks[index]));
  };
  const abort = (): void => {
    reject(signal?.reason as Error);
  };
  signal?.addEventListener('abort', abort, { once: true });
  worker.on('message', (results: readonly RangeResult[]) => {
    try {
      for (const [at, result] of results.entries()) work.digests[current[at] ?? -1] = digestOf(result);
      feed();
    } catch (error) {
      reject(error);
    }
  });
  worker.once('error', reject);
  worker.once('exit', () => {
    reject(new Error('a hashing thread ended early'));
  });
  feed();
  return promise.finally(() => signal?.removeEventListener('abort', abort));
}

function digestOf(result: RangeResult): string {
  if ('sha256' in result) return result.sha256;
  if (result.fault === 'changed') {
    throw new EvidenceError('HF_DIGEST_CHANGED', `\`${result.path}\` changed while being read`, { where: result.path });
  }
  throw new EvidenceError('HF_DIGEST_UNREADABLE', `\`${result.path}\` cannot be read (${result.reason})`, {
    where: result.path,
  });
}
