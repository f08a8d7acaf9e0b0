import type { Socket } from 'node:net';
import type { FromWorker } from './worker-messages.ts';
import { WorkerProcess, type WorkerProgram } from './worker-process.ts';

export interface SupervisorOptions {
  readonly program: WorkerProgram;
  /** Begins every name; unlike that of every other supervisor. */
  readonly name: string;
  /** Milliseconds that a process may take until it serves, and to drain. */
  readonly startMs: number;
  readonly drainMs: number;
}

export interface SupervisorEvents {
  /** What a worker asks and tells that is not about its life. */
  message(worker: WorkerProcess, message: FromWorker): void;
  told(line: string): void;
  exited(worker: WorkerProcess): void;
}

/** What workers of one generation are given. */
export interface Fleet {
  readonly count: number;
  readonly setup: unknown;
}

const shortestPause = 100;
const longestPause = 10_000;
/** A process that served for so long did not fail at its start. */
const steadyMs = 3000;
/** Connections that wait for a process that takes them. */
const mostWaiting = 4096;

/**
 * Keeps so many processes serving: those that die are started again, after a pause that grows while they die young. Connections are
 * taken here and handed to them in turn, so that one that comes while none serves waits instead of being refused. Another configuration is
 * served by other processes, which take connections before those of the one before are drained.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #events: SupervisorEvents;
  readonly #workers = new Set<WorkerProcess>();
  readonly #waiting: Socket[] = [];
  readonly #pauses = new Set<NodeJS.Timeout>();
  #changed: (() => void)[] = [];
  #fleet: Fleet = { count: 0, setup: undefined };
  /** Of those that take connections, and how many there were. */
  #generation = 0;
  #generations = 0;
  #started = 0;
  #young = 0;
  #next = 0;
  #isClosed = false;

  constructor(options: SupervisorOptions, events: SupervisorEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Processes that take connections now. */
  get serving(): readonly WorkerProcess[] {
    return [...this.#workers].filter(({ state }) => state === 'serving');
  }

  get workers(): readonly WorkerProcess[] {
    return [...this.#workers];
  }

  /**
   * Serves with other processes. They take over once all of them serve; where one cannot, those before go on.
   *
   * @throws Error that says why they cannot
   */
  async replace(fleet: Fleet): Promise<void> {
    const generation = ++this.#generations;
    const before = this.workers;
    const fresh = Array.from({ length: fleet.count }, () => this.#start(generation, fleet));
    try {
      await this.#until(() => fresh.every(({ state }) => state !== 'starting'), this.#options.startMs);
      const failed = fresh.find(({ state }) => state !== 'serving');
      if (failed !== undefined) throw new Error(this.#failures.get(failed) ?? `\`${failed.name}\` ended at its start`);
    } catch (error) {
      for (const worker of fresh) worker.kill();
      throw error;
    }
    this.#fleet = fleet;
    this.#generation = generation;
    this.#flush();
    for (const worker of before) this.#drain(worker);
  }

  /** Gives a connection to the next process, or lets it wait for one. */
  readonly take = (socket: Socket): void => {
    const serving = this.#isClosed ? [] : this.#takers;
    if (serving.length === 0) {
      if (this.#isClosed || this.#waiting.length >= mostWaiting) socket.destroy();
      else this.#waiting.push(socket);
      return;
    }
    this.#next = (this.#next + 1) % serving.length;
    (serving[this.#next] as WorkerProcess).hand(socket, () => {
      if (!socket.destroyed) setImmediate(this.take, socket);
    });
  };

  /** Drains all, and waits for their end; those that take longer are ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    for (const socket of this.#waiting.splice(0)) socket.destroy();
    for (const worker of this.#workers) this.#drain(worker);
    await this.#until(() => this.#workers.size === 0, this.#options.drainMs * 2 + 5000).catch(() => undefined);
    for (const worker of this.#workers) worker.kill();
    await this.#until(() => this.#workers.size === 0, 5000).catch(() => undefined);
  }

  readonly #failures = new WeakMap<WorkerProcess, string>();

  get #current(): readonly WorkerProcess[] {
    return this.workers.filter(({ generation, state }) => generation === this.#generation && state !== 'draining');
  }

  /** A new generation takes none before all of it serves: one that is given up has no connections. */
  get #takers(): readonly WorkerProcess[] {
    return this.serving.filter(({ generation }) => generation === this.#generation);
  }

  #flush(): void {
    if (this.#takers.length > 0) for (const socket of this.#waiting.splice(0)) this.take(socket);
  }

  #start(generation: number, { setup }: Fleet): WorkerProcess {
    this.#started += 1;
    const worker = new WorkerProcess(
      this.#options.program,
      { name: `${this.#options.name}-${this.#started}`, generation, setup },
      { message: this.#heard, exited: this.#exited },
    );
    this.#workers.add(worker);
    return worker;
  }

  /** One that does not end in time is ended. */
  #drain(worker: WorkerProcess): void {
    if (worker.state === 'ended' || worker.state === 'draining') return;
    worker.drain();
    const timer = setTimeout(() => {
      worker.kill();
    }, this.#options.drainMs + 5000).unref();
    void this.#until(() => worker.state === 'ended', this.#options.drainMs + 10_000).then(
      () => {
        clearTimeout(timer);
      },
      () => undefined,
    );
  }

  readonly #heard = (worker: WorkerProcess, message: FromWorker): void => {
    if (message.kind === 'failed') this.#failures.set(worker, message.message);
    if (message.kind !== 'ready') {
      this.#events.message(worker, message);
      return;
    }
    if (worker.state !== 'starting') return;
    worker.state = 'serving';
    this.#flush();
    this.#tellChange();
  };

  readonly #exited = (worker: WorkerProcess, why: string): void => {
    this.#workers.delete(worker);
    this.#events.exited(worker);
    this.#tellChange();
    if (this.#isClosed || worker.generation !== this.#generation || this.#fleet.count === 0) return;
    if (this.#current.length >= this.#fleet.count) return;
    const isYoung = performance.now() - worker.startedAt < steadyMs;
    this.#young = isYoung ? this.#young + 1 : 0;
    const pause = this.#young <= 1 ? 0 : Math.min(longestPause, shortestPause * 2 ** Math.min(this.#young - 2, 10));
    this.#events.told(`ended    worker ${worker.name} (${why}); another is started`);
    const timer = setTimeout(() => {
      this.#pauses.delete(timer);
      if (!this.#isClosed && this.#current.length < this.#fleet.count) this.#start(this.#generation, this.#fleet);
    }, pause);
    this.#pauses.add(timer);
  };

  #tellChange(): void {
    for (const tell of this.#changed.splice(0)) tell();
  }

  async #until(isSo: () => boolean, mostMs: number): Promise<void> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new Error(`not within ${mostMs} ms`));
    }, mostMs);
    try {
      while (!isSo()) await Promise.race([new Promise<void>((tell) => this.#changed.push(tell)), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
