import { lstatSync, mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { PipelineError } from '../errors.ts';
import { diskError, exists, removeTree, sync, syncTree, systemCode } from './disk.ts';
import type { Journal } from './journal.ts';
import { isInside, journalPath, projectOf, readJournal, removeJournal, writeJournal } from './journal.ts';
import { identify } from './processes.ts';

/** How a run was finished: by putting the old outputs back, by keeping the new ones, or there was nothing to do. */
export type Finished = 'restored' | 'committed' | 'nothing';

/**
 * Moves the outputs of a stage aside, so that its command starts without them, and makes the folders they go to.
 * The journal is on disk before anything moves: whatever happens then, `restoreOutputs`, the supervisor or
 * `recoverRuns` can put them back. To be called for every run, also without outputs: a run without a journal leaves
 * no trace for `recoverRuns` to find its processes by.
 *
 * @param outputs Posix paths relative to the project; none may lie inside another.
 * @param runFolder `PROJECT/.holdfast/runs/ID`; made when it is not there.
 * @throws PipelineError HF_PATH_OUTSIDE, HF_STAGE_OUTPUT_SHARED, HF_RUN_IN_PROGRESS, HF_RUN_DISK_FULL, HF_RUN_RECOVERY.
 */
export async function prepareOutputs(outputs: readonly string[], runFolder: string): Promise<void> {
  const project = projectOf(runFolder);
  checkOutputs(outputs);
  if (exists(journalPath(runFolder))) {
    throw new PipelineError('HF_RUN_IN_PROGRESS', `the run \`${basename(runFolder)}\` has begun already`);
  }
  try {
    for (const output of outputs) makeParent(project, output);
    mkdirSync(join(runFolder, 'previous'), { recursive: true });
    writeJournal(runFolder, newJournal(project, outputs, runFolder));
    setAside(project, outputs, runFolder);
  } catch (error) {
    // when even that fails the journal stays, and the first error is still the one to tell
    await restoreOutputs(runFolder).catch(() => 'nothing');
    throw diskError(error, runFolder, 'HF_RUN_RECOVERY');
  }
}

/**
 * The same for outputs that are known only when the command has ended, because nobody declared them: the journal takes
 * them on before what lies at their places is set aside.
 *
 * @throws PipelineError HF_PATH_OUTSIDE, HF_STAGE_OUTPUT_SHARED, HF_RUN_DISK_FULL, HF_RUN_RECOVERY.
 */
export function addOutputs(outputs: readonly string[], runFolder: string): void {
  const project = projectOf(runFolder);
  const journal = readJournal(runFolder);
  if (journal === undefined) throw new PipelineError('HF_RUN_RECOVERY', `\`${runFolder}\` has no journal`);
  checkOutputs([...journal.outputs.map(({ path }) => path), ...outputs]);
  try {
    for (const output of outputs) makeParent(project, output);
    const added = outputs.map((path) => ({ path, existed: exists(join(project, path)) }));
    writeJournal(runFolder, { ...journal, outputs: [...journal.outputs, ...added] });
    setAside(project, outputs, runFolder, journal.outputs.length);
  } catch (error) {
    throw diskError(error, runFolder, 'HF_RUN_RECOVERY');
  }
}

/**
 * Makes the new outputs count: flushes them to disk, says so in the journal, and only then deletes the old ones.
 *
 * @throws PipelineError HF_RUN_OUTPUT_MISSING (nothing is changed: restore), HF_RUN_DISK_FULL, HF_RUN_RECOVERY.
 */
export async function commitOutputs(runFolder: string): Promise<void> {
  const project = projectOf(runFolder);
  const journal = readJournal(runFolder);
  if (journal === undefined) throw new PipelineError('HF_RUN_RECOVERY', `\`${runFolder}\` has no journal to commit`);
  requireOutputs(
    journal.outputs.map(({ path }) => path),
    project,
  );
  try {
    for (const { path } of journal.outputs) {
      makeParent(project, path);
      await syncTree(join(project, path));
      sync(dirname(join(project, path)));
    }
  } catch (error) {
    throw diskError(error, project, 'HF_RUN_RECOVERY');
  }
  writeJournal(runFolder, { ...journal, state: 'committed' });
  await dropPrevious(runFolder);
}

/**
 * Ends a run that did not end well: half-written outputs go to `RUN/failed/`, the old ones come back. May be called
 * again, and after a crash in the middle of itself. A run that was committed stays so.
 *
 * @throws PipelineError HF_RUN_DISK_FULL, HF_RUN_RECOVERY; then the journal stays, and another try is possible.
 */
export async function restoreOutputs(runFolder: string, options: { keepFailed?: boolean } = {}): Promise<Finished> {
  const project = projectOf(runFolder);
  const journal = readJournal(runFolder);
  if (journal === undefined) return 'nothing';
  if (journal.state === 'committed') {
    await dropPrevious(runFolder);
    return 'committed';
  }
  try {
    for (const [index, output] of journal.outputs.entries()) restoreOne(project, runFolder, index, output);
    if (options.keepFailed === false) await removeTree(join(runFolder, 'failed'));
    await removeTree(stagingOf(runFolder));
    removeIfEmpty(join(runFolder, 'previous'));
    if (exists(runFolder)) sync(runFolder);
  } catch (error) {
    throw diskError(error, runFolder, 'HF_RUN_RECOVERY');
  }
  removeJournal(runFolder);
  return 'restored';
}

/** @throws PipelineError HF_RUN_OUTPUT_MISSING naming the first output that the command did not write. */
export function requireOutputs(outputs: readonly string[], project: string): void {
  const missing = outputs.find((output) => !exists(join(project, output)));
  if (missing === undefined) return;
  throw new PipelineError('HF_RUN_OUTPUT_MISSING', `the output \`${missing}\` was not written`, { where: missing });
}

/**
 * Compares the digests of inputs before and after a run.
 *
 * @throws PipelineError HF_RUN_INPUT_CHANGED naming the first input that changed, vanished or appeared.
 */
export function requireSameInputs(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  const changed = [...before.keys(), ...after.keys()].find((name) => before.get(name) !== after.get(name));
  if (changed === undefined) return;
  const how = after.has(changed) ? (before.has(changed) ? 'changed' : 'appeared') : 'vanished';
  throw new PipelineError('HF_RUN_INPUT_CHANGED', `the input \`${changed}\` ${how} during the run`, { where: changed });
}

function checkOutputs(outputs: readonly string[]): void {
  for (const output of outputs) {
    if (!isInside(output)) throw outside(output);
  }
  const sorted = outputs.map((output) => `${output}/`).sort();
  sorted.forEach((output, index) => {
    const next = sorted[index + 1];
    if (next?.startsWith(output) !== true) return;
    const message = `the outputs \`${output.slice(0, -1)}\` and \`${next.slice(0, -1)}\` overlap`;
    throw new PipelineError('HF_STAGE_OUTPUT_SHARED', message, { fix: 'declare the outer folder only' });
  });
}

function outside(path: string): PipelineError {
  return new PipelineError('HF_PATH_OUTSIDE', `the output \`${path}\` does not lie inside the project`, {
    where: path,
  });
}

/** Makes the folders above an output one by one; a link among them could lead anywhere. */
function makeParent(project: string, output: string): void {
  let folder = resolve(project);
  for (const part of output.split('/').slice(0, -1)) {
    folder = join(folder, part);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found === undefined) mkdirSync(folder);
    else if (!found.isDirectory()) throw outside(output);
  }
}

function newJournal(project: string, outputs: readonly string[], runFolder: string): Journal {
  const owner = identify(process.pid);
  if (owner === undefined) throw new PipelineError('HF_RUN_RECOVERY', 'this process cannot be identified');
  const listed = outputs.map((path) => ({ path, existed: exists(join(project, path)) }));
  return { version: 1, run: basename(resolve(runFolder)), state: 'open', owner, outputs: listed };
}

function setAside(project: string, outputs: readonly string[], runFolder: string, first = 0): void {
  for (const [index, output] of outputs.entries()) {
    const path = join(project, output);
    if (!exists(path)) continue;
    renameSync(path, previousPath(runFolder, first + index));
    sync(dirname(path));
  }
  sync(join(runFolder, 'previous'));
}

/** Where an isolation above `none` has the command write: gone when the run has ended, whichever way. */
export function stagingOf(runFolder: string): string {
  return join(runFolder, 'staging');
}

function previousPath(runFolder: string, index: number): string {
  return join(runFolder, 'previous', String(index));
}

/**
 * Three places say where a crash happened: the journal (was there an old one), `previous/` (is it still aside) and
 * the path itself. Each step leaves a state that the same rule brings one step further.
 */
function restoreOne(project: string, runFolder: string, index: number, output: Journal['outputs'][number]): void {
  const path = join(project, output.path);
  const previous = previousPath(runFolder, index);
  const isAside = exists(previous);
  // an old one that is not aside was not moved yet, or is back already
  if (output.existed && !isAside) return;
  // the command may have put a link where a folder was
  makeParent(project, output.path);
  if (exists(path)) moveToFailed(path, runFolder, index);
  if (!isAside) return;
  renameSync(previous, path);
  sync(dirname(path));
}

function moveToFailed(path: string, runFolder: string, index: number): void {
  const folder = join(runFolder, 'failed');
  mkdirSync(folder, { recursive: true });
  // taken only when processes that nobody could kill wrote the output again after an earlier restoration
  const name = [String(index), ...Array.from({ length: 100 }, (_, again) => `${index}.${again}`)].find(
    (candidate) => !exists(join(folder, candidate)),
  );
  if (name === undefined) throw new PipelineError('HF_RUN_RECOVERY', `\`${path}\` is written again and again`);
  renameSync(path, join(folder, name));
}

async function dropPrevious(runFolder: string): Promise<void> {
  try {
    await removeTree(join(runFolder, 'previous'));
    await removeTree(stagingOf(runFolder));
  } catch (error) {
    throw diskError(error, runFolder, 'HF_RUN_RECOVERY');
  }
  removeJournal(runFolder);
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}
