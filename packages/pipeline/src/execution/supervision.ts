import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { PipelineError } from '../errors.ts';
import type { Ended, Order, StopReason, SupervisorReport } from './channel.ts';
import { lineReader, toLine } from './channel.ts';
import { supervisorMarker } from './processes.ts';
import { killMembers } from './termination.ts';

/** The two ends of the pipe that takes the output of a command. */
export interface OutputPipe {
  readonly reader: number;
  readonly writer: number;
}

/** How a supervised command came to its end. */
export type Outcome = { readonly ended: Ended } | { readonly ended: null; readonly killed: number };

/** Time after the last process for the rest of its output to come through the pipe. */
const drainMs = 1000;
/** Time beyond the grace after which a supervisor that was told to stop is taken for dead. */
const patienceMs = 10_000;

/** This process's end of one supervisor. */
export class Supervision {
  readonly #order: Order;
  readonly #supervisor: ChildProcess;
  readonly #channel: Socket;
  readonly #output: Socket;
  readonly #settled = Promise.withResolvers<SupervisorReport | undefined>();
  #group: number | undefined;
  #complaint = '';

  constructor(order: Order, pipe: OutputPipe, onOutput: (chunk: Uint8Array) => void) {
    this.#order = order;
    this.#supervisor = startSupervisor(order.runId, pipe.writer);
    closeSync(pipe.writer);
    this.#channel = this.#supervisor.stdio[3] as Socket;
    this.#output = new Socket({ fd: pipe.reader, readable: true, writable: false });
    this.#output.on('data', onOutput).on('error', () => this.#output.destroy());
    this.#listen();
    this.#channel.write(toLine(order));
  }

  /** Has the supervisor end the command: TERM, and KILL after the grace. */
  stop(reason: StopReason): void {
    this.#channel.write(toLine({ stop: reason }));
    setTimeout(() => this.#supervisor.kill('SIGKILL'), this.#order.graceMs + patienceMs).unref();
  }

  /**
   * Waits until every process of the run has ended and its output is read.
   *
   * @throws PipelineError HF_RUN_SPAWN.
   */
  async outcome(): Promise<Outcome> {
    const last = await this.#settled.promise;
    if (last?.event === 'ended') {
      await this.#drained();
      return { ended: last };
    }
    if (last?.event !== 'failed') return { ended: null, killed: await this.#killOrphans() };
    this.#output.destroy();
    throw new PipelineError('HF_RUN_SPAWN', `the command could not be started: ${last.message}`);
  }

  #listen(): void {
    const onLine = lineReader((line) => {
      const report = line as SupervisorReport;
      if (report.event === 'started') this.#group = report.group;
      else this.#settled.resolve(report);
    });
    this.#channel.on('data', onLine).on('error', () => this.#channel.destroy());
    this.#channel.on('close', () => {
      this.#settled.resolve(undefined);
    });
    this.#supervisor.on('error', (error) => {
      this.#settled.resolve({ event: 'failed', message: error.message });
    });
    this.#supervisor.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString('utf8')).slice(0, 4096);
    });
  }

  /** What the supervisor said on standard error, for the message about its end. */
  get complaint(): string {
    return this.#complaint.trim();
  }

  /** The supervisor died: what it guarded is left to us. */
  async #killOrphans(): Promise<number> {
    this.#supervisor.kill('SIGKILL');
    const group = this.#group === undefined ? {} : { group: this.#group };
    const { killed } = await killMembers({ runId: this.#order.runId, ...group });
    await this.#drained();
    return killed;
  }

  /** Until the pipe has no writer any more; a process that nobody could kill shall not hold us. */
  async #drained(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.#output.closed) resolve();
      else
        this.#output.once('close', () => {
          resolve();
        });
    });
    const timer = setTimeout(() => this.#output.destroy(), drainMs);
    await closed;
    clearTimeout(timer);
  }
}

/** As source beside this source, as JavaScript beside this JavaScript. */
const isSource = import.meta.url.endsWith('.ts');
const program = fileURLToPath(new URL(isSource ? './supervisor.ts' : './supervisor.js', import.meta.url));

/** Detached, so that Ctrl-C in a terminal reaches this process only, which then ends the run in order. */
function startSupervisor(runId: string, writer: number): ChildProcess {
  const sources = isSource ? ['--conditions=source'] : []; // packages that it loads are sources then, too
  const flags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1', ...sources];
  return spawn(process.execPath, [...flags, program], {
    cwd: '/',
    env: {
      [supervisorMarker]: runId,
      ...(process.env['TMPDIR'] === undefined ? {} : { TMPDIR: process.env['TMPDIR'] }),
    },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', writer],
    detached: true,
  });
}
