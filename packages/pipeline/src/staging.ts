import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join, relative } from 'node:path';
import { adoptOutputs, leftOver } from '@holdfast/sandbox/adoption';
import { PipelineError } from './errors.ts';
import { diskError, removeTree } from './execution/disk.ts';
import { stagingOf } from './execution/outputs.ts';
import type { StageNode } from './stage-graph.ts';

/**
 * Makes the folder that a confined command writes to in place of the project, for this user only.
 *
 * @throws PipelineError HF_RUN_DISK_FULL, HF_RUN_SPAWN
 */
export function makeStaging(runFolder: string): string {
  const staging = stagingOf(runFolder);
  try {
    chmodSync(runFolder, 0o700);
    mkdirSync(staging, { mode: 0o700 });
  } catch (error) {
    throw diskError(error, staging, 'HF_RUN_SPAWN');
  }
  return staging;
}

/**
 * Moves what a confined stage wrote and declares from its staging folder to its place.
 *
 * @returns what else it wrote; it is dropped with the staging folder
 * @throws PipelineError HF_RUN_OUTPUT_MISSING; SandboxError HF_SANDBOX_OUTPUT, HF_SANDBOX_OUTPUT_LIMIT
 */
export async function takeOver(stage: StageNode, runFolder: string, project: string): Promise<readonly string[]> {
  const staging = stagingOf(runFolder);
  const outputs = stage.outputs.map(({ path }) => path);
  const inputs = stage.inputs.map(({ path }) => path);
  const maximumBytes = stage.sandbox.output;
  try {
    const missing = outputs.find((path) => !existsSync(join(staging, path)));
    if (missing !== undefined) throw notWritten(missing, leftOver(staging, outputs, outermost(inputs)));
    const options = { inputs: outermost(inputs), ...(maximumBytes === undefined ? {} : { maximumBytes }) };
    return (await adoptOutputs(staging, project, outputs, options)).undeclared;
  } catch (error) {
    throw await keptForALook(error, runFolder, project);
  }
}

/**
 * Finds what a command wrote that nobody declared outputs of: each new file, or a folder where the project has none of
 * that name yet.
 *
 * @param earlier folders that an earlier run wrote: they are replaced as a whole
 * @returns posix paths relative to the project
 * @throws PipelineError HF_RUN_UNDECLARED when there are too many
 */
export function findOutputs(
  stage: StageNode,
  runFolder: string,
  project: string,
  earlier: ReadonlySet<string>,
): readonly string[] {
  const staging = stagingOf(runFolder);
  const inputs = outermost(stage.inputs.map(({ path }) => path));
  const found = leftOver(staging, [], inputs).flatMap((path) => newBelow(path, staging, project, earlier));
  return found.filter((path) => !isProtected(path));
}

/**
 * What makes other programs act, git with its hooks first of all, or decides what passes a gate: nobody gets such a file
 * by not declaring it. It is named and dropped like everything else that is not adopted.
 */
const protectedFolders = [
  '.git',
  '.hg',
  '.svn',
  '.holdfast',
  '.venv',
  'venv',
  'node_modules',
  '.vscode',
  '.idea',
  '.github',
];
const protectedPaths = /^(?:holdfast\.yaml|policy|\.envrc|\.gitattributes|\.gitmodules)(?:\/|$)/i;

function isProtected(path: string): boolean {
  return protectedPaths.test(path) || path.split('/').some((part) => protectedFolders.includes(part.toLowerCase()));
}

const mostDiscovered = 1000;

/** A folder that the project has already is not replaced: only what is new in it comes in. */
function newBelow(path: string, staging: string, project: string, earlier: ReadonlySet<string>): string[] {
  const here = lstatSync(join(project, path), { throwIfNoEntry: false });
  const isMerged = here?.isDirectory() === true && lstatSync(join(staging, path)).isDirectory();
  if (!isMerged || earlier.has(path)) return [path];
  const names = readdirSync(join(staging, path)).sort();
  if (names.length > mostDiscovered) {
    throw new PipelineError('HF_RUN_UNDECLARED', `\`${path}\` holds \`${names.length}\` new files`, { where: path });
  }
  return names.flatMap((name) => newBelow(`${path}/${name}`, staging, project, earlier));
}

function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)));
}

/** Most often the output was written under another name, so that is what the message says. */
function notWritten(missing: string, undeclared: readonly string[]): PipelineError {
  const instead = undeclared.slice(0, 5).map((path) => `\`${path}\``);
  const found = instead.length === 0 ? '' : `; it wrote ${instead.join(', ')}, which nothing declares`;
  return new PipelineError('HF_RUN_OUTPUT_MISSING', `the output \`${missing}\` was not written${found}`, {
    where: missing,
  });
}

/** Hours of training may lie there: what could not be taken over stays until the stage runs again. */
async function keptForALook(error: unknown, runFolder: string, project: string): Promise<unknown> {
  const kept = join(runFolder, 'failed', 'staging');
  mkdirSync(join(runFolder, 'failed'), { recursive: true });
  await removeTree(kept);
  renameSync(stagingOf(runFolder), kept);
  if (error instanceof PipelineError) {
    const fix = `${error.fix}; what it wrote is in ${relative(project, kept)} until it runs again`;
    return new PipelineError(error.code, error.message, { where: error.where ?? kept, fix, cause: error });
  }
  return error;
}
