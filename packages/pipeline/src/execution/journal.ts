import { readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { PipelineError } from '../errors.ts';
import { diskError, exists, sync, writeDurably } from './disk.ts';
import type { ProcessIdentity } from './processes.ts';

/** What must be finished if the run of a journal does not finish it: `.holdfast/runs/ID.journal`. */
export interface Journal {
  readonly version: 1;
  readonly run: string;
  /** `open`: the outputs belong to nobody yet, restore the old. `committed`: the new ones count, drop the old. */
  readonly state: 'open' | 'committed';
  /** Who will finish it while alive. */
  readonly owner: ProcessIdentity;
  readonly outputs: readonly JournalOutput[];
}

export interface JournalOutput {
  /** Posix path relative to the project. */
  readonly path: string;
  /** Whether there was one before the run: decides what its absence from `previous/` means. */
  readonly existed: boolean;
}

const maximumBytes = 4 * 1024 * 1024;
const maximumOutputs = 10_000;

/** Run ids name files and processes, so they are short and plain. */
export const runIdPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `.holdfast/runs/ID` → `.holdfast/runs/ID.journal`: beside the folder, so that one listing finds the unfinished. */
export function journalPath(runFolder: string): string {
  return `${resolve(runFolder)}.journal`;
}

/** The project that a run folder `PROJECT/.holdfast/runs/ID` belongs to. @throws PipelineError HF_RUN_RECOVERY. */
export function projectOf(runFolder: string): string {
  const folder = resolve(runFolder);
  const runs = dirname(folder);
  const isRunFolder = runIdPattern.test(basename(folder)) && basename(runs) === 'runs';
  if (isRunFolder && basename(dirname(runs)) === '.holdfast') return dirname(dirname(runs));
  throw new PipelineError('HF_RUN_RECOVERY', `\`${runFolder}\` is not a folder \`.holdfast/runs/ID\``);
}

/**
 * Whether a path is a relative posix path inside the project that names something other than the project itself or
 * `.holdfast`. Links are looked at where it is used.
 */
export function isInside(path: string): boolean {
  const parts = path.split('/');
  if (path.length === 0 || path.length > 4096 || path.includes('\0')) return false;
  return parts[0] !== '.holdfast' && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

/** Durable once it returns. @throws PipelineError HF_RUN_DISK_FULL, HF_RUN_RECOVERY. */
export function writeJournal(runFolder: string, journal: Journal): void {
  const path = journalPath(runFolder);
  try {
    writeDurably(path, `${JSON.stringify(journal)}\n`);
  } catch (error) {
    throw diskError(error, path, 'HF_RUN_RECOVERY');
  }
}

/** @throws PipelineError HF_RUN_RECOVERY when it is there and not understood: nothing is guessed about outputs. */
export function readJournal(runFolder: string): Journal | undefined {
  const path = journalPath(runFolder);
  if (!exists(path)) return undefined;
  try {
    if (statSync(path).size > maximumBytes) throw new Error('it is too large');
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isJournal(parsed) && parsed.run === basename(resolve(runFolder))) return parsed;
    throw new Error('it has another shape, or names another run');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `the journal \`${path}\` is not understood: ${reason}`;
    throw new PipelineError('HF_RUN_RECOVERY', message, { where: path, cause: error });
  }
}

/** The last act of a run. @throws PipelineError HF_RUN_RECOVERY. */
export function removeJournal(runFolder: string): void {
  const path = journalPath(runFolder);
  try {
    rmSync(path, { force: true });
    rmSync(`${path}.tmp`, { force: true });
    sync(dirname(path));
  } catch (error) {
    throw diskError(error, path, 'HF_RUN_RECOVERY');
  }
}

function isJournal(value: unknown): value is Journal {
  if (!isRecord(value) || !isRecord(value['owner']) || !Array.isArray(value['outputs'])) return false;
  const owner = value['owner'];
  const outputs: readonly unknown[] = value['outputs'];
  const isOwner = ['host', 'boot', 'start'].every((key) => typeof owner[key] === 'string');
  if (!isOwner || !Number.isSafeInteger(owner['pid']) || Number(owner['pid']) <= 0) return false;
  if (value['version'] !== 1 || (value['state'] !== 'open' && value['state'] !== 'committed')) return false;
  return typeof value['run'] === 'string' && outputs.length <= maximumOutputs && outputs.every(isOutput);
}

function isOutput(value: unknown): value is JournalOutput {
  if (!isRecord(value) || typeof value['path'] !== 'string') return false;
  return isInside(value['path']) && typeof value['existed'] === 'boolean';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
