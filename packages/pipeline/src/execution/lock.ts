import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { PipelineError } from '../errors.ts';
import { diskError } from './disk.ts';

/** Held by the one process that may run stages of a project, or finish what another left. */
export interface RunLock {
  readonly project: string;
  release(): void;
}

/**
 * Takes the lock of a project's runs. It is a lock of the operating system (through SQLite's `BEGIN EXCLUSIVE`), so
 * it ends with its process, however that ends; no lock file can be left stale.
 *
 * @param options.waitMs How long to wait for another run. Default 2,000.
 * @param options.recovers Says that it is held to finish the run of a process that died: others wait for that longer.
 * @throws PipelineError HF_RUN_IN_PROGRESS naming the pid that holds it, HF_RUN_DISK_FULL, HF_RUN_RECOVERY.
 */
export async function acquireRunLock(
  project: string,
  options: { waitMs?: number; recovers?: boolean } = {},
): Promise<RunLock> {
  const folder = join(project, '.holdfast', 'runs');
  const began = performance.now();
  for (;;) {
    const database = tryLock(folder);
    if (database !== undefined) return heldBy(project, folder, database, options.recovers === true);
    const patience = readHolder(folder).endsWith(recovering) ? recoveryMs : (options.waitMs ?? 2000);
    if (performance.now() - began >= patience) break;
    await sleep(20);
  }
  const [holder = 'unknown'] = readHolder(folder).split(' ');
  throw new PipelineError('HF_RUN_IN_PROGRESS', `another run of \`${project}\` is going on (process \`${holder}\`)`);
}

/** How long a recovery may take: it ends processes and moves folders back. */
const recoveryMs = 30_000;
const recovering = ' recovering';

/** SQLITE_BUSY of https://sqlite.org/rescode.html */
const busy = 5;

function tryLock(folder: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(folder, { recursive: true });
    database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined;
    throw diskError(error, join(folder, 'lock'), 'HF_RUN_RECOVERY');
  }
}

function heldBy(project: string, folder: string, database: DatabaseSync, recovers: boolean): RunLock {
  try {
    const text = `${process.pid}${recovers ? recovering : ''}`;
    writeFileSync(join(folder, 'lock.holder'), text, { mode: 0o600 });
  } catch (error) {
    database.close();
    throw diskError(error, folder, 'HF_RUN_RECOVERY');
  }
  const release = (): void => {
    if (database.isOpen) database.close();
  };
  return { project, release };
}

function readHolder(folder: string): string {
  try {
    const text = readFileSync(join(folder, 'lock.holder'), 'latin1');
    return /^[0-9]{1,10}(?: recovering)?$/.test(text) ? text : 'unknown';
  } catch {
    return 'unknown';
  }
}
