import { readdirSync } from 'node:fs';
import type { ProcessState } from './processes.ts';
import { carries, hasProc, listPids, readProc, readProcess, runMarker, ticksPerSecond } from './processes.ts';
import { type ResourceTrace, SampleSeries } from './trace.ts';

type Measured = Pick<ResourceTrace, 'cpuMs' | 'peakRssBytes' | 'readBytes' | 'writeBytes' | 'processes' | 'samples'>;

interface Usage {
  readonly ticks: number;
  readonly read: number;
  readonly written: number;
}

/** A run that ended before so many looks was hardly seen, and its highest memory is not known. */
const minimumSamples = 4;

const nothing: Usage = { ticks: 0, read: 0, written: 0 };

/**
 * Watches the processes of a run through `/proc`, from their supervisor: what a process used goes to the one that
 * waits for it, so in the end the supervisor's account of its children is exact, and samples only add the memory,
 * and what was used by processes that nobody of the run waited for.
 */
export class ProcessSampler {
  /** Every process of the run that was seen, pid to start. */
  readonly seen = new Map<number, number>();
  readonly #runId: string;
  readonly #series = new SampleSeries();
  readonly #before: Usage;
  #foreign: Set<number>;
  #others = new Set<number>();
  #last = new Map<number, { state: ProcessState; usage: Usage }>();
  #lost = nothing;
  #peak = 0;

  /** To be made just before the command starts: what runs already does not belong to it. */
  constructor(runId: string) {
    this.#runId = runId;
    this.#foreign = new Set(listPids());
    this.#before = childrenUsage();
  }

  /** Pids that have been there since before the run. */
  get foreign(): ReadonlySet<number> {
    return this.#foreign;
  }

  /**
   * Looks once at all processes of the run. Only pids that are new are read: a process that was there before the
   * run can never become one of it.
   *
   * @param root Pid, group and session of the command.
   * @param t Milliseconds since its start.
   */
  sample(root: number, t: number): void {
    if (!hasProc) return;
    const pids = new Set(listPids());
    this.#foreign = stillThere(this.#foreign, pids);
    this.#others = stillThere(this.#others, pids);
    const members = this.#members(root, pids);
    this.#accountForTheGone(members);
    this.#last = new Map(members.map((state) => [state.pid, { state, usage: usageOf(state) }]));
    this.#record(members, t);
  }

  /** To be called after the command was waited for. */
  finish(): Measured {
    if (!hasProc) return { samples: [] };
    this.#accountForTheGone([]);
    const after = childrenUsage();
    const of = (key: keyof Usage): number => Math.max(0, after[key] - this.#before[key] + this.#lost[key]);
    const io = Number.isNaN(after.read) ? {} : { readBytes: of('read'), writeBytes: of('written') };
    const samples = this.#series.kept;
    const peak = samples.length < minimumSamples ? {} : { peakRssBytes: this.#peak };
    return { cpuMs: milliseconds(of('ticks')), ...peak, ...io, processes: this.seen.size, samples };
  }

  #members(root: number, pids: ReadonlySet<number>): ProcessState[] {
    const fresh = [...pids].filter((pid) => pid !== process.pid && !this.#foreign.has(pid) && !this.#others.has(pid));
    const states = fresh.flatMap((pid) => readProcess(pid) ?? []);
    const members = new Map<number, ProcessState>();
    // a child has mostly a higher pid than its parent, but pids wrap: repeat until nobody joins
    for (let before = -1; before !== members.size; ) {
      before = members.size;
      for (const state of states) if (this.#belongs(state, root, members)) members.set(state.pid, state);
    }
    for (const state of states) {
      if (!members.has(state.pid) && carries(state.pid, runMarker, this.#runId)) members.set(state.pid, state);
      if (members.has(state.pid)) this.seen.set(state.pid, state.start);
      else this.#others.add(state.pid);
    }
    return [...members.values()];
  }

  #belongs(state: ProcessState, root: number, members: ReadonlyMap<number, ProcessState>): boolean {
    if (state.pid === root || state.session === root || state.group === root) return true;
    return members.has(state.parent) || this.seen.get(state.pid) === state.start;
  }

  /** What vanished with nobody of the run to wait for it went to the system's first process, and not into our account. */
  #accountForTheGone(members: readonly ProcessState[]): void {
    const there = new Set(members.map((state) => state.pid));
    for (const [pid, { state, usage }] of this.#last) {
      if (there.has(pid) || state.parent === process.pid || this.seen.has(state.parent)) continue;
      this.#lost = sum(this.#lost, usage);
    }
  }

  #record(members: readonly ProcessState[], t: number): void {
    const memory = members.map((state) => memoryOf(state.pid));
    const rssBytes = memory.reduce((total, { now }) => total + now, 0);
    this.#peak = Math.max(this.#peak, rssBytes, ...memory.map(({ highest }) => highest));
    const ticks = [...this.#last.values()].reduce((total, { usage }) => total + usage.ticks, this.#lost.ticks);
    this.#series.add({ t: Math.round(t), cpuMs: milliseconds(ticks), rssBytes });
  }
}

function stillThere(known: ReadonlySet<number>, pids: ReadonlySet<number>): Set<number> {
  return new Set([...known].filter((pid) => pids.has(pid)));
}

function milliseconds(ticks: number): number {
  return (ticks * 1000) / ticksPerSecond;
}

function sum(one: Usage, other: Usage): Usage {
  return { ticks: one.ticks + other.ticks, read: one.read + other.read, written: one.written + other.written };
}

function usageOf(state: ProcessState): Usage {
  const io = transferred(readProc(`${state.pid}/io`));
  // gone or not ours to read: then this part of the account is a lower bound
  const known = Number.isNaN(io.read) ? nothing : io;
  return { ticks: state.ticks + state.childTicks, read: known.read, written: known.written };
}

/** `VmRSS` and `VmHWM` of proc_pid_status(5), in bytes; 0 for a process that has ended. */
function memoryOf(pid: number): { now: number; highest: number } {
  const status = readProc(`${pid}/status`) ?? '';
  const kibibytes = (name: string): number => Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
  return { now: kibibytes('VmRSS') * 1024, highest: kibibytes('VmHWM') * 1024 };
}

/** `rchar` and `wchar` of proc_pid_io(5); NaN where the kernel keeps no such account. */
function transferred(io: string | undefined): { read: number; written: number } {
  const value = (name: string): number =>
    Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(io ?? '')?.[1] ?? Number.NaN);
  return { read: value('rchar'), written: value('wchar') };
}

/**
 * What the children that this process waited for have used, and theirs. The account of a process holds its threads
 * and its children in one sum, the account of a thread only itself: the children are the difference.
 */
function childrenUsage(): Usage {
  if (!hasProc) return nothing;
  const ticks = readProcess(process.pid)?.childTicks ?? 0;
  const whole = transferred(readProc('self/io'));
  const threads = readdirSync('/proc/self/task').map((id) => transferred(readProc(`self/task/${id}/io`)));
  const own = (key: 'read' | 'written'): number => threads.reduce((total, thread) => total + thread[key], 0);
  // the threads are read after the whole, so they hold a few bytes more: twice the same, it cancels in the difference
  return { ticks, read: whole.read - own('read'), written: whole.written - own('written') };
}
