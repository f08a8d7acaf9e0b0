import { lstatSync, mkdirSync, readdirSync, renameSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import { isWithin } from './paths.ts';

export interface AdoptionOptions {
  /** Inputs below the project, as posix paths relative to it: the sandbox mounted them on empty stubs. */
  readonly inputs?: readonly string[];
  /** Of all files of the outputs together. Default: no limit. */
  readonly maximumBytes?: number;
}

export interface Adoption {
  /** The declared outputs, as they were given. */
  readonly adopted: string[];
  /** What else was written: posix paths relative to the project, at most 1,000, a folder in place of all it holds. */
  readonly undeclared: string[];
}

const maximumEntries = 1_000_000;
const maximumDepth = 128;
const maximumUndeclared = 1000;

/**
 * Moves the declared outputs of a run from its staging folder into the project, after the last process has ended.
 *
 * Every entry of every output is looked at before the first one moves, without following a link; each moves by one
 * `rename`, and when one cannot, those before it go back. Symbolic links, files with a second name outside, devices,
 * pipes, sockets and set-user-id files are refused. What stands where an output goes must have been moved aside.
 *
 * @param outputs Posix paths relative to the project, none inside another.
 * @throws SandboxError HF_SANDBOX_OUTPUT, HF_SANDBOX_OUTPUT_LIMIT; nothing was adopted then.
 *
 * @example
 * ```ts
 * import { adoptOutputs } from '@holdfast/sandbox';
 * const { undeclared } = await adoptOutputs('.holdfast/runs/r1/staging', process.cwd(), ['build/model']);
 * ```
 */
export function adoptOutputs(
  staging: string,
  project: string,
  outputs: readonly string[],
  options: AdoptionOptions = {},
): Promise<Adoption> {
  return new Promise((resolve) => {
    try {
      resolve(adopt(staging, project, outputs, options));
    } catch (error) {
      throw asSandboxError(error);
    }
  });
}

function adopt(staging: string, project: string, outputs: readonly string[], options: AdoptionOptions): Adoption {
  requireRelative(outputs);
  requireRelative(options.inputs ?? []);
  const survey = new Survey(options.maximumBytes ?? Infinity);
  for (const output of outputs) {
    requireFolders(staging, output, 'the output');
    requireFolders(project, output, 'in the project, the folder of');
    survey.look(join(staging, output), output, 0);
  }
  survey.requireOwnLinks();
  const undeclared = leftOver(staging, outputs, options.inputs ?? []);
  moveAll(staging, project, outputs);
  return { adopted: [...outputs], undeclared };
}

function requireRelative(paths: readonly string[]): void {
  for (const path of paths) {
    const parts = path.split('/');
    const isSound = !path.includes('\0') && parts.every((part) => part !== '' && part !== '.' && part !== '..');
    if (!isSound) throw bad(`the output ${shown(path)} is no path inside the project`, path);
    const holder = paths.find((other) => other !== path && isWithin(other, path));
    if (holder !== undefined) throw bad(`the output ${shown(path)} lies in ${shown(holder)}`, path);
  }
}

/** The folders on the way to an output must be folders: a link there would lead the output somewhere else. */
function requireFolders(root: string, output: string, what: string): void {
  const parts = output.split('/').slice(0, -1);
  for (const [at] of parts.entries()) {
    const path = join(root, ...parts.slice(0, at + 1));
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return;
    if (!entry.isDirectory()) throw bad(`${what} ${shown(output)} lies behind something that is no folder`, output);
  }
}

/** Looks at everything that is about to be adopted. */
class Survey {
  readonly #links = new Map<string, { path: string; missing: number }>();
  #bytesLeft: number;
  #entries = 0;

  constructor(maximumBytes: number) {
    this.#bytesLeft = maximumBytes;
  }

  look(path: string, output: string, depth: number): void {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry === undefined) throw bad(`the output ${shown(output)} was not written`, output);
    this.#entries += 1;
    if (this.#entries > maximumEntries || depth > maximumDepth)
      throw tooMuch(`${shown(output)} is too deep or too many`);
    const fault = faultOf(entry);
    if (fault !== undefined) throw bad(`the output ${shown(output)} is ${fault}`, output);
    if (entry.isFile()) this.#account(entry, output);
    else for (const name of readdirSync(path)) this.look(join(path, name), `${output}/${name}`, depth + 1);
  }

  #account(entry: Stats, output: string): void {
    this.#bytesLeft -= entry.size;
    if (this.#bytesLeft < 0) throw tooMuch(`with ${shown(output)} the outputs are larger than they may be`);
    if (entry.nlink === 1) return;
    const key = `${entry.dev}:${entry.ino}`;
    const missing = (this.#links.get(key)?.missing ?? entry.nlink) - 1;
    this.#links.set(key, { path: output, missing });
  }

  /** Every name of a file with several must be among the outputs, else something outside could change it later. */
  requireOwnLinks(): void {
    for (const { path, missing } of this.#links.values()) {
      if (missing > 0) throw bad(`the output ${shown(path)} is a file that has another name outside`, path);
    }
  }
}

function faultOf(entry: Stats): string | undefined {
  if (entry.isSymbolicLink()) return 'a symbolic link';
  if (!entry.isFile() && !entry.isDirectory()) return 'a device, a pipe or a socket';
  if (entry.isFile() && (entry.mode & 0o6000) !== 0) return 'a set-user-id or set-group-id file';
  return undefined;
}

/**
 * What lies in a staging folder beside the declared outputs and the stubs of inputs, as in {@link Adoption}.
 *
 * @param outputs Posix paths relative to the project; they need not be there.
 */
export function leftOver(staging: string, outputs: readonly string[], inputs: readonly string[]): string[] {
  const found: string[] = [];
  const known = new Set([...outputs, ...inputs]);
  const onTheWay = new Set([...known].flatMap((path) => foldersAbove(path)));
  const walk = (folder: string): void => {
    for (const name of readdirSync(join(staging, folder)).sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (known.has(path)) continue;
      const isPassed = onTheWay.has(path) && lstatSync(join(staging, path)).isDirectory();
      if (isPassed) walk(path);
      else if (found.length < maximumUndeclared && !isHollow(join(staging, path), 0)) found.push(path);
    }
  };
  walk('');
  return found;
}

/** A folder in which there are only folders: what the sandbox mounted its toolchain on. */
function isHollow(path: string, depth: number): boolean {
  if (depth > maximumDepth || !lstatSync(path).isDirectory()) return false;
  return readdirSync(path).every((name) => isHollow(join(path, name), depth + 1));
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'));
}

function moveAll(staging: string, project: string, outputs: readonly string[]): void {
  const moved: string[] = [];
  try {
    for (const output of outputs) {
      const target = join(project, output);
      if (lstatSync(target, { throwIfNoEntry: false }) !== undefined)
        throw bad(`${shown(output)} is there already`, output);
      mkdirSync(dirname(target), { recursive: true });
      renameSync(join(staging, output), target);
      moved.push(output);
    }
  } catch (error) {
    for (const output of moved.reverse()) renameSync(join(project, output), join(staging, output));
    throw error;
  }
}

/** What the file system says: a name too long, a folder that the command closed, another file system. */
function asSandboxError(error: unknown): SandboxError {
  if (error instanceof SandboxError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const fix = 'the staging folder must be on the file system of the project, and all of it accessible';
  return new SandboxError('HF_SANDBOX_OUTPUT', `the outputs cannot be adopted: ${shown(reason)}`, {
    fix,
    cause: error,
  });
}

function bad(message: string, where: string): SandboxError {
  return new SandboxError('HF_SANDBOX_OUTPUT', message, { where });
}

function tooMuch(message: string): SandboxError {
  return new SandboxError('HF_SANDBOX_OUTPUT_LIMIT', message);
}
