import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessState } from './processes.ts';
import { carries, hasProc, listPids, readProcess, runMarker, sendSignal } from './processes.ts';

/** How the processes of one run are recognised. */
export interface RunMembers {
  readonly runId: string;
  /** Group and session of the command, when it is known. */
  readonly group?: number;
  /** Descendants seen alive, pid to start: they count even if they left the group and cleared their environment. */
  readonly seen?: ReadonlyMap<number, number>;
  /** Pids that were there before the run and are still: they need no look. */
  readonly foreign?: ReadonlySet<number>;
}

/** Living processes of a run, this one and its parent excepted. Empty where there is no `/proc`. */
export function findMembers(members: RunMembers): number[] {
  return listPids().filter((pid) => {
    if (pid === process.pid || pid === process.ppid || members.foreign?.has(pid) === true) return false;
    const found = readProcess(pid);
    return found !== undefined && !found.ended && isMember(found, members);
  });
}

function isMember(found: ProcessState, members: RunMembers): boolean {
  if (members.group !== undefined && (found.group === members.group || found.session === members.group)) return true;
  return members.seen?.get(found.pid) === found.start || carries(found.pid, runMarker, members.runId);
}

/** Sends TERM to the group of a run and to all its members. */
export function askToEnd(members: RunMembers): void {
  if (members.group !== undefined) sendSignal(-members.group, 'SIGTERM');
  for (const pid of findMembers(members)) sendSignal(pid, 'SIGTERM');
}

/** A process that forks faster than it is killed is given up after this many sweeps. */
const maximumSweeps = 500;

/**
 * Kills every process of a run, and what they start meanwhile, until a sweep finds none.
 *
 * @returns How many processes were found, and whether the last sweep was clean.
 */
export async function killMembers(members: RunMembers): Promise<{ killed: number; clean: boolean }> {
  const killed = new Set<number>();
  for (let sweep = 0, clean = 0; sweep < maximumSweeps; sweep++) {
    const found = findMembers(members);
    // the whole group at once first, so that it cannot fork away; without /proc it is all that can be reached
    if (members.group !== undefined && (found.length > 0 || !hasProc)) sendSignal(-members.group, 'SIGKILL');
    for (const pid of found) {
      killed.add(pid);
      sendSignal(pid, 'SIGKILL');
    }
    clean = found.length === 0 ? clean + 1 : 0;
    // the environment of a process cannot be read in the middle of its exec: after a kill, look twice
    if (clean > (killed.size === 0 ? 0 : 1)) return { killed: killed.size, clean: true };
    await sleep(found.length === 0 ? 2 : 5);
  }
  return { killed: killed.size, clean: false };
}
