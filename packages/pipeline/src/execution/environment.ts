import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PipelineError } from '../errors.ts';
import { diskError } from './disk.ts';
import { runMarker } from './processes.ts';

/** The one temporary folder of a run, found again by its id. Short, because socket paths may have 107 bytes. */
export function temporaryFolder(runId: string): string {
  return join(tmpdir(), `holdfast-${runId}`);
}

/** Folders of a run that are empty when it starts and gone when it has ended. */
export interface Scratch {
  readonly folder: string;
  readonly home: string;
  readonly temporary: string;
}

/**
 * Makes the temporary folder of a run, for this user only. One that is there already is not used: somebody else
 * could have put something into it.
 *
 * @throws PipelineError HF_RUN_SPAWN, HF_RUN_DISK_FULL.
 */
export function makeScratch(runId: string): Scratch {
  const folder = temporaryFolder(runId);
  const scratch = { folder, home: join(folder, 'home'), temporary: join(folder, 'tmp') };
  try {
    for (const path of [folder, scratch.home, scratch.temporary]) mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    throw diskError(error, folder, 'HF_RUN_SPAWN');
  }
  return scratch;
}

/** Removes the temporary folder of a run, as far as its permissions allow: a run does not fail for what it left there. */
export async function removeScratch(runId: string): Promise<void> {
  try {
    await rm(temporaryFolder(runId), { recursive: true, force: true, maxRetries: 2 });
  } catch {
    // the command took away its own permissions
  }
}

/** Where programs are found: this Node.js first, so that a stage runs on what Holdfast runs on. */
const searchPath = [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'];

const maximumVariables = 1000;

/**
 * The environment of a run: nothing of this process's own, a few fixed variables, and the declared ones, which may
 * replace the fixed ones, but not the marker that leftovers are found by.
 *
 * @throws PipelineError HF_CONFIG_INVALID.
 */
export function commandEnvironment(
  declared: Readonly<Record<string, string>>,
  runId: string,
  scratch: Scratch,
  searchFirst: readonly string[] = [],
): Record<string, string> {
  const names = Object.keys(declared);
  if (names.length > maximumVariables) throw invalid(`more than ${maximumVariables} environment variables`);
  for (const name of names) {
    const isName = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(name) && name !== runMarker;
    if (!isName) throw invalid(`\`${name.slice(0, 300)}\` cannot be set as an environment variable`);
    if (declared[name]?.includes('\0') === true) throw invalid(`the variable \`${name}\` holds a NUL`);
  }
  return {
    PATH: [...new Set([...searchFirst, ...searchPath])].join(delimiter),
    HOME: scratch.home,
    TMPDIR: scratch.temporary,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...declared,
    [runMarker]: runId,
  };
}

function invalid(message: string): PipelineError {
  return new PipelineError('HF_CONFIG_INVALID', message, { fix: 'correct `environment:` of the stage' });
}
