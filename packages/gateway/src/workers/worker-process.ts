import { type ChildProcess, fork } from 'node:child_process';
import type { Socket } from 'node:net';
import { type FromWorker, isFromWorker, type ToWorker } from './worker-messages.ts';

export interface WorkerEvents {
  message(worker: WorkerProcess, message: FromWorker): void;
  exited(worker: WorkerProcess, why: string): void;
}

/** How a process that serves is started. */
export interface WorkerProgram {
  /** The module that it runs. */
  readonly main: string;
  readonly execArgv: readonly string[];
}

/** A process that serves, as its supervisor sees it. */
export class WorkerProcess {
  readonly name: string;
  /** Configurations are counted: those of one before are drained. */
  readonly generation: number;
  /** What it was given to serve. */
  readonly setup: unknown;
  readonly startedAt = performance.now();
  state: 'starting' | 'serving' | 'draining' | 'ended' = 'starting';
  readonly #child: ChildProcess;
  /** Connections that are not with the process yet, and what is done where they do not get there. */
  readonly #handing = new Map<number, { readonly socket: Socket; readonly failed: () => void }>();
  #handed = 0;

  constructor(
    { main, execArgv }: WorkerProgram,
    { name, generation, setup }: { readonly name: string; readonly generation: number; readonly setup: unknown },
    events: WorkerEvents,
  ) {
    this.name = name;
    this.generation = generation;
    this.setup = setup;
    this.#child = fork(main, [], {
      execArgv: [...execArgv],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => {
      if (!isFromWorker(message)) return;
      if (message.kind === 'taken') this.#taken(message.place);
      else events.message(this, message);
    });
    const ended = (why: string): void => {
      if (this.state === 'ended') return;
      this.state = 'ended';
      events.exited(this, why);
      for (const { failed } of this.#handing.values()) failed();
      this.#handing.clear();
    };
    this.#child.on('error', (error) => {
      ended(error.message);
    });
    this.#child.on('exit', (code, signal) => {
      ended(signal === null ? `exit ${code ?? 0}` : signal);
    });
    this.tell({ kind: 'start', name, setup });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  tell(message: ToWorker): void {
    if (!this.#child.connected) return;
    // It may have died a moment ago: its exit says so.
    this.#child.send(message, () => undefined);
  }

  /**
   * Hands a connection over. It stays open here until the process says that it has it: Node neither closes nor returns what it was sending
   * to a process that died. `failed` is called where the process has not got it.
   */
  hand(socket: Socket, failed: () => void): void {
    if (!this.#child.connected) {
      failed();
      return;
    }
    this.#handed += 1;
    const place = this.#handed;
    this.#handing.set(place, { socket, failed });
    const message: ToWorker = { kind: 'connection', place };
    this.#child.send(message, socket, { keepOpen: true }, (error) => {
      if (error !== null && this.#handing.delete(place)) failed();
    });
  }

  #taken(place: number): void {
    this.#handing.get(place)?.socket.destroy();
    this.#handing.delete(place);
  }

  drain(): void {
    if (this.state === 'ended') return;
    this.state = 'draining';
    this.tell({ kind: 'drain' });
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
