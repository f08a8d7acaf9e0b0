import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { recoverRuns } from '../src/execution/recovery.ts';
import {
  eventually,
  newProject,
  newRunId,
  pidsWith,
  readGeneration,
  remove,
  writeGeneration,
} from './execution-scene.ts';

const scenario = fileURLToPath(new URL('./execution-scenario.ts', import.meta.url));

/** `alone`: the parent is killed, and nobody recovers but the supervisor. */
export type Victim = 'parent' | 'alone' | 'supervisor' | 'both' | 'recovery';

/** So many milliseconds after a phase of the run began. */
export interface Moment {
  /** `writing` begins when the command has made its first file. */
  readonly phase: 'start' | 'prepare' | 'command' | 'writing' | 'finish';
  readonly ms: number;
}

/** What a crash left after recovery. */
export interface Aftermath {
  readonly generation: string;
  /** Pids of the run, or of its supervisor, that still live. */
  readonly left: readonly number[];
  readonly said: string;
  /** What a second recovery had to do. */
  readonly again: number;
}

/**
 * Starts a run over outputs of generation `old`, kills somebody after a time, recovers, and says what is there.
 * `recovery` kills parent and supervisor, and then a process that recovers.
 */
export async function crash(victim: Victim, moment: Moment, recoveryMs = 0): Promise<Aftermath> {
  const project = newProject();
  const runId = newRunId();
  writeGeneration(project, 'old');
  try {
    const parent = start('run', project, runId);
    await Promise.race([parent.reached(moment.phase).then(() => sleep(moment.ms)), parent.ended]);
    if (victim !== 'parent' && victim !== 'alone')
      for (const pid of pidsWith('environ', `HOLDFAST_SUPERVISOR=${runId}\0`)) kill(pid);
    if (victim !== 'supervisor') kill(parent.pid);
    const said = await parent.ended;
    if (victim === 'recovery') {
      const recovery = start('recover', project, runId);
      await Promise.race([sleep(recoveryMs), recovery.ended]);
      kill(recovery.pid);
      await recovery.ended;
    }
    if (victim !== 'alone') await recoverRuns(project);
    const left = (): number[] => pidsWith('environ', `HOLDFAST_RUN=${runId}\0`);
    await eventually(() => [...left(), ...pidsWith('environ', `HOLDFAST_SUPERVISOR=${runId}\0`)].length === 0, 5000);
    const again = (await recoverRuns(project)).length;
    return { generation: readGeneration(project), left: left(), said, again };
  } finally {
    remove(project);
  }
}

interface Started {
  readonly pid: number;
  /** Its last line. */
  readonly ended: Promise<string>;
  reached(phase: string): Promise<void>;
}

function start(what: string, project: string, runId: string): Started {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const argv = [...flags, scenario, what, project, runId];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const ended = new Promise<string>((resolve) => {
    child.on('close', () => {
      resolve(said.trim().split('\n').at(-1) ?? '');
    });
  });
  const reached = async (phase: string): Promise<void> => {
    const word = phase === 'writing' ? 'command' : phase;
    while (phase !== 'start' && !said.includes(word)) await Promise.race([once(child.stdout, 'data'), ended]);
    if (phase === 'writing') await eventually(() => existsSync(join(project, 'folder')));
  };
  return { pid: child.pid!, ended, reached };
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ended by itself meanwhile
  }
}
