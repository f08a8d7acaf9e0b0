import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process as `/proc` shows it; see proc_pid_stat(5) for the fields. */
export interface ProcessState {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** `Z` and `X` have ended and only wait to be reaped. */
  readonly ended: boolean;
  /** User and system time, its own and that of the children it waited for, in clock ticks. */
  readonly ticks: number;
  readonly childTicks: number;
  /** Clock ticks after boot; with the boot id it tells two holders of one pid apart. */
  readonly start: number;
}

/** USER_HZ: 100 on every architecture that Node.js runs on (times(7), `AT_CLKTCK`). */
export const ticksPerSecond = 100;

/** Set in every process of a run. */
export const runMarker = 'HOLDFAST_RUN';
/** Set in the supervisor of a run, which must not be taken for one of its processes. */
export const supervisorMarker = 'HOLDFAST_SUPERVISOR';

/** Whether this platform shows its processes under `/proc` (Linux does, macOS does not). */
export const hasProc = process.platform === 'linux';

/** Pids in `/proc`; empty where there is none. */
export function listPids(): number[] {
  if (!hasProc) return [];
  return readdirSync('/proc').flatMap((name) => (/^[1-9][0-9]*$/.test(name) ? [Number(name)] : []));
}

/** A file of `/proc`, or `undefined` when the process is gone or is another user's. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return undefined;
  }
}

/** Reads `/proc/PID/stat`; `undefined` when the process is gone. */
export function readProcess(pid: number): ProcessState | undefined {
  const text = readProc(`${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

/**
 * Parses a line of `/proc/PID/stat`. The name of a program may hold blanks and parentheses, so fields are counted
 * from the last closing one: there starts field 3.
 */
export function parseStat(line: string): ProcessState | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3] ?? Number.NaN);
  const state: ProcessState = {
    pid: Number.parseInt(line, 10),
    parent: field(4),
    group: field(5),
    session: field(6),
    ended: fields[0] === 'Z' || fields[0] === 'X',
    ticks: field(14) + field(15),
    childTicks: field(16) + field(17),
    start: field(22),
  };
  return Object.values(state).some(Number.isNaN) ? undefined : state;
}

/** Whether a process was started with `NAME=value` in its environment (as it was at its exec). */
export function carries(pid: number, name: string, value: string): boolean {
  return `\0${readProc(`${pid}/environ`) ?? ''}`.includes(`\0${name}=${value}\0`);
}

/** Tells a process apart from every other one, also from a later holder of its pid. */
export interface ProcessIdentity {
  readonly host: string;
  /** Changes at every start of the machine; empty where the platform has none. */
  readonly boot: string;
  readonly pid: number;
  /** When it started, in the platform's own words. */
  readonly start: string;
}

/** The identity of a living process, or `undefined`. */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = startOf(pid);
  return start === undefined ? undefined : { host: hostname(), boot: bootId(), pid, start };
}

function bootId(): string {
  return readProc('sys/kernel/random/boot_id')?.trim() ?? '';
}

function startOf(pid: number): string | undefined {
  if (hasProc) {
    const found = readProcess(pid);
    return found === undefined || found.ended ? undefined : String(found.start);
  }
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    const line = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio, timeout: 5000 });
    return line.trim() === '' ? undefined : line.trim();
  } catch {
    return undefined;
  }
}

/** Whether the process of an identity still lives; `unknown` when it lived on another host. */
export function isAlive(identity: ProcessIdentity): boolean | 'unknown' {
  if (identity.host !== hostname()) return 'unknown';
  const now = identify(identity.pid);
  return now !== undefined && now.start === identity.start && now.boot === identity.boot;
}

/** Sends a signal; a process or group (negative) that is gone is none of our concern. */
export function sendSignal(target: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(target, signal);
  } catch {
    // gone already (ESRCH), or no longer ours (EPERM)
  }
}
