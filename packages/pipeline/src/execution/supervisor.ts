/**
 * The program between a run and its command, started by `runCommand` and of no use by itself. It lives in a session
 * of its own, so Ctrl-C does not reach it, and holds one end of a socket: when its parent is gone, by whatever
 * signal, it kills every process of the run, puts the outputs back and ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order, StopOrder, StopReason, SupervisorReport } from './channel.ts';
import { channelDescriptor, lineReader, outputDescriptor, toLine } from './channel.ts';
import { hasProc, readProc } from './processes.ts';
import { ProcessSampler } from './sampler.ts';
import { askToEnd, findMembers, killMembers, type RunMembers } from './termination.ts';

/** Samples are taken this often, or less often where taking them would need more than a fiftieth of a core. */
const sampleEveryMs = 50;
/** The first follow each other faster, for commands that do not last: after 5, 10, 20, 40 ms. */
const firstSampleMs = 5;
const sampleShare = 50;

/** Time that a process which outlives its command (`> >(tee …)`) has to end by itself. */
const lingerMs = 250;

class Supervisor {
  readonly #channel = new Socket({ fd: channelDescriptor, readable: true, writable: true });
  #order: Order | undefined;
  #sampler: ProcessSampler | undefined;
  #group: number | undefined;
  #began = 0;
  #startedOn = 0;
  #stopped: StopReason | null = null;
  #orphaned = false;
  #samples = 0;
  readonly #timers = new Set<NodeJS.Timeout>();

  listen(): void {
    const onLine = lineReader((line) => {
      const message = line as Order | StopOrder;
      if ('stop' in message) this.#stop(message.stop);
      else this.#start(message);
    });
    this.#channel.on('data', onLine);
    for (const event of ['end', 'error', 'close']) this.#channel.on(event, () => void this.#parentDied());
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => {
        this.#stop('interrupted');
      });
  }

  #start(order: Order): void {
    this.#order = order;
    if (process.ppid !== order.parent) {
      void this.#parentDied();
      return;
    }
    closeInherited();
    this.#sampler = new ProcessSampler(order.runId);
    this.#startedOn = Date.now();
    this.#began = performance.now();
    const child = this.#spawn(order);
    closeSync(outputDescriptor);
    if (child?.pid === undefined) return;
    this.#group = child.pid;
    child.on('exit', (code, signal) => void this.#exited(code, signal));
    this.#report({ event: 'started', group: child.pid });
    this.#sample();
    if (order.timeoutMs !== null)
      this.#after(order.timeoutMs, () => {
        this.#stop('timeout');
      });
  }

  /** Detached: the command leads a session and group of its own, both with its pid as their number. */
  #spawn(order: Order): ChildProcess | undefined {
    const [program, ...rest] = order.argv;
    const stdio: ('ignore' | number)[] = ['ignore', outputDescriptor, outputDescriptor];
    const opened: number[] = [];
    try {
      for (const { descriptor, path } of order.descriptors) {
        while (stdio.length < descriptor) stdio.push('ignore');
        opened.push((stdio[descriptor] = openSync(path, 'r')));
      }
      const child = spawn(program, rest, { cwd: order.cwd, env: order.environment, stdio, detached: true });
      child.on('error', (error) => {
        this.#failed(error);
      });
      return child;
    } catch (error) {
      this.#failed(error);
      return undefined;
    } finally {
      for (const descriptor of opened) closeSync(descriptor);
    }
  }

  #failed(error: unknown): void {
    this.#report({ event: 'failed', message: error instanceof Error ? error.message : String(error) }, true);
  }

  #sample(): void {
    // processor time, so that a busy machine, which is when it matters, does not make the samples rare
    const before = process.cpuUsage();
    this.#sampler?.sample(this.#group ?? 0, performance.now() - this.#began);
    const { user, system } = process.cpuUsage(before);
    const cost = (user + system) / 1000;
    const regular = Math.min(sampleEveryMs, firstSampleMs * 2 ** this.#samples++);
    this.#after(Math.max(regular, cost * sampleShare), () => {
      this.#sample();
    });
  }

  #stop(reason: StopReason): void {
    if (this.#group === undefined || this.#stopped !== null) return;
    this.#stopped = reason;
    askToEnd(this.#members());
    this.#after(this.#order?.graceMs ?? 0, () => void killMembers(this.#members()));
  }

  /** The command itself has ended; whatever it left running ends now, too. */
  async #exited(exitCode: number | null, signal: string | null): Promise<void> {
    const wallMs = performance.now() - this.#began;
    const graceMs = this.#stopped === null ? lingerMs : (this.#order?.graceMs ?? 0);
    // who was there before the run is not looked at again: with thousands of processes that would be felt
    const members = { ...this.#members(), foreign: this.#sampler?.foreign ?? new Set<number>() };
    const until = performance.now() + graceMs;
    while (!this.#orphaned && performance.now() < until && findMembers(members).length > 0) await sleep(5);
    const { killed, clean } = await killMembers(members);
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#orphaned) return;
    const measured = this.#sampler?.finish() ?? { samples: [] };
    // the wall clock may jump; the end is the start and what the monotonic clock counted
    const finishedOn = new Date(this.#startedOn + Math.round(wallMs)).toISOString();
    const times = { startedOn: new Date(this.#startedOn).toISOString(), finishedOn };
    const trace = { wallMs: Math.round(wallMs * 1000) / 1000, ...measured };
    const ended = {
      exitCode,
      signal,
      ...times,
      stopped: this.#stopped,
      leftBehind: hasProc ? killed : null,
      clean,
      trace,
    };
    this.#report({ event: 'ended', ...ended }, true);
  }

  async #parentDied(): Promise<void> {
    if (this.#orphaned) return;
    this.#orphaned = true;
    for (const timer of this.#timers) clearTimeout(timer);
    if (this.#order !== undefined) {
      await killMembers(this.#members());
      await restore(this.#order);
    }
    process.exit(0);
  }

  #members(): RunMembers {
    const found = this.#group === undefined ? {} : { group: this.#group };
    return { runId: this.#order?.runId ?? '', ...found, seen: this.#sampler?.seen ?? new Map<number, number>() };
  }

  #after(ms: number, act: () => void): void {
    if (ms >= 2 ** 31) return; // the longest time that a timer can wait: 24 days
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #report(report: SupervisorReport, isLast = false): void {
    this.#channel.write(toLine(report), () => {
      if (isLast) process.exit(0);
    });
  }
}

/** Loaded only now: nearly every supervisor ends without it. A next run that was faster finishes the journal itself. */
async function restore(order: Order): Promise<void> {
  const [{ removeScratch }, { releaseGroups }] = await Promise.all([
    import('./environment.ts'),
    import('@holdfast/sandbox/control-groups'),
  ]);
  await removeScratch(order.runId);
  releaseGroups(order.runId);
  if (order.runFolder !== null) {
    const [{ acquireRunLock }, { restoreOutputs }, { projectOf }] = await Promise.all([
      import('./lock.ts'),
      import('./outputs.ts'),
      import('./journal.ts'),
    ]);
    const lock = await acquireRunLock(projectOf(order.runFolder), { recovers: true });
    await restoreOutputs(order.runFolder);
    lock.release();
  }
}

/**
 * Closes descriptors that the user's shell left open and every program since has inherited: a stage gets none of
 * them. Node.js sets close-on-exec on its own, and on the first sixteen; the flag is O_CLOEXEC of proc_pid_fdinfo(5).
 */
function closeInherited(): void {
  if (!hasProc) return;
  for (const name of readdirSync('/proc/self/fd')) {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readProc(`self/fdinfo/${name}`) ?? '')?.[1];
    const isKept = flags === undefined || (Number.parseInt(flags, 8) & 0o2000000) !== 0;
    if (Number(name) > outputDescriptor && !isKept) closeSync(Number(name));
  }
}

new Supervisor().listen();
