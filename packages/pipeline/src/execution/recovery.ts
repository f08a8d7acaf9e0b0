import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';
import { diskError, exists } from './disk.ts';
import { removeScratch } from './environment.ts';
import { readJournal, runIdPattern } from './journal.ts';
import { acquireRunLock, type RunLock } from './lock.ts';
import { type Finished, restoreOutputs } from './outputs.ts';
import { carries, hasProc, isAlive, listPids, sendSignal, supervisorMarker } from './processes.ts';
import { killMembers } from './termination.ts';

/** What was done about one run that had not finished. */
export interface Recovery {
  readonly runId: string;
  readonly finished: Finished;
  /** Processes of it that were still running and were killed; `null` where the platform cannot find them. */
  readonly killed: number | null;
}

/**
 * Finishes the runs whose process died: kills what they left running, then puts their old outputs back, or, where
 * they had been committed, drops the old ones. Safe to be killed and called again. Call it before every run.
 *
 * @param options.lock The lock of the project, where the caller holds it; otherwise it is taken for the time.
 * @param options.foreign Whether to finish runs of another host, which cannot be seen from here. Default `refuse`.
 * @throws PipelineError HF_RUN_IN_PROGRESS when the process of a run lives, HF_RUN_RECOVERY, HF_RUN_DISK_FULL.
 */
export async function recoverRuns(
  project: string,
  options: { lock?: RunLock; foreign?: 'refuse' | 'recover' } = {},
): Promise<readonly Recovery[]> {
  if (listUnfinished(project).length === 0) return [];
  const lock = options.lock ?? (await acquireRunLock(project));
  try {
    const recovered: Recovery[] = [];
    for (const runFolder of listUnfinished(project)) {
      requireDead(runFolder, options.foreign ?? 'refuse');
      recovered.push(await recoverRun(runFolder));
    }
    return recovered;
  } finally {
    if (lock !== options.lock) lock.release();
  }
}

/** The most unfinished runs that are looked at. */
const maximumUnfinished = 10_000;

function listUnfinished(project: string): string[] {
  const folder = join(project, '.holdfast', 'runs');
  if (!exists(folder)) return [];
  const names = readRuns(folder).filter((name) => name.endsWith('.journal') && runIdPattern.test(name.slice(0, -8)));
  if (names.length > maximumUnfinished)
    throw new PipelineError('HF_RUN_RECOVERY', `too many journals in \`${folder}\``);
  return names.sort().map((name) => join(folder, name.slice(0, -8)));
}

function readRuns(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw diskError(error, folder, 'HF_RUN_RECOVERY');
  }
}

function requireDead(runFolder: string, foreign: 'refuse' | 'recover'): void {
  const owner = readJournal(runFolder)?.owner;
  if (owner === undefined) return;
  const alive = isAlive(owner);
  if (alive === false || (alive === 'unknown' && foreign === 'recover')) return;
  const runId = basename(runFolder);
  const message =
    alive === true
      ? `the run \`${runId}\` is going on in process \`${owner.pid}\``
      : `the run \`${runId}\` belongs to process \`${owner.pid}\` on host \`${owner.host}\`, which cannot be seen from here`;
  throw new PipelineError('HF_RUN_IN_PROGRESS', message, { where: runFolder });
}

async function recoverRun(runFolder: string): Promise<Recovery> {
  const runId = basename(runFolder);
  await killSupervisors(runId);
  const { killed, clean } = await killMembers({ runId });
  if (!clean) {
    throw new PipelineError('HF_RUN_RECOVERY', `processes of the run \`${runId}\` cannot be killed`, {
      fix: `end the processes that carry HOLDFAST_RUN=${runId}, then run again`,
    });
  }
  const { releaseGroups } = await import('@holdfast/sandbox/control-groups');
  releaseGroups(runId);
  // the journal goes last: whoever finds none finds nothing else to do
  await removeScratch(runId);
  const finished = await restoreOutputs(runFolder);
  return { runId, finished, killed: hasProc ? killed : null };
}

/** A supervisor that still waits for its turn could restore, or even start, what is finished here. */
async function killSupervisors(runId: string): Promise<void> {
  for (let sweep = 0; sweep < 500; sweep++) {
    const found = listPids().filter((pid) => pid !== process.pid && carries(pid, supervisorMarker, runId));
    if (found.length === 0) return;
    for (const pid of found) sendSignal(pid, 'SIGKILL');
    await sleep(2);
  }
}
