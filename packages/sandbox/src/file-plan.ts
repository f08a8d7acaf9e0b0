import { existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import type { IsolationRequest } from './isolation.ts';
import { absolutePath, isWithin, outermost, overlap, partsBelow } from './paths.ts';
import type { Toolchain } from './toolchain.ts';

/** A file or folder of the machine, and where the sandbox sees it. */
export interface Bind {
  readonly source: string;
  readonly path: string;
}

/** What is mounted beside the ground, in order: `binds`, staging at `project`, `folders`, `bindsInProject`, `hidden`. */
export interface FilePlan {
  readonly project: string;
  readonly staging: string;
  readonly cwd: string;
  readonly binds: readonly Bind[];
  readonly folders: readonly string[];
  readonly bindsInProject: readonly Bind[];
  /** Folders with keys of other projects, inside of something that is bound. */
  readonly hidden: readonly string[];
}

const maximumInputs = 2500;

/** Made by the sandbox itself, or doors to the machine. A socket in `/run` answers through a read-only mount, too. */
const reserved = ['/proc', '/sys', '/dev', '/run', '/var/run'];

/**
 * Decides what is mounted where, and refuses what would show more than was declared.
 *
 * @throws SandboxError HF_SANDBOX_REQUEST, HF_SANDBOX_INPUT, HF_SANDBOX_OVERLAP, HF_SANDBOX_OUTPUT.
 */
export function planFiles(request: IsolationRequest, toolchain: Toolchain): FilePlan {
  const project = projectOf(request);
  const staging = stagingOf(request);
  const cwd = absolutePath(request.cwd, 'the working folder');
  if (!isWithin(project, cwd)) throw refusal(`the working folder ${shown(cwd)} is outside the project`, cwd);
  const outputs = request.writable.map((path) => outputOf(path, project));
  const inputs = inputsOf(request, project, outputs);
  const tools = toolchain.binds.filter((path) => !inputs.some((input) => isWithin(input.path, path)));
  for (const path of tools) requireWritable(path, project, outputs);
  const all = [...tools.map((path) => ({ source: path, path })), ...inputs];
  const inProject = all.filter(({ path }) => isWithin(project, path));
  return {
    project,
    staging,
    cwd,
    binds: [...parentsFirst(all.filter((bind) => !inProject.includes(bind))), ...secretsOf(request)],
    folders: [...homeFolders(request), ...outputs.map((path) => dirname(path)), cwd],
    bindsInProject: parentsFirst(inProject),
    hidden: all.map(({ path }) => join(path, '.holdfast')).filter((path) => existsSync(path)),
  };
}

function parentsFirst(binds: readonly Bind[]): Bind[] {
  return binds.toSorted((one, other) => one.path.split('/').length - other.path.split('/').length);
}

function projectOf(request: IsolationRequest): string {
  if (request.project === undefined) throw refusal('a sandbox needs to know the project folder');
  const project = absolutePath(request.project, 'the project');
  const system = ['/usr', '/etc', '/bin', '/sbin', '/lib', '/lib64', ...reserved, '/tmp', request.temporary];
  const isReserved = system.some((path) => isWithin(project, path)) || reserved.some((path) => isWithin(path, project));
  if (isReserved) throw refusal(`the folder ${shown(project)} cannot be a project in a sandbox`, project);
  return project;
}

/** Empty, and nobody else's: what lies there after the run was made by it. */
function stagingOf(request: IsolationRequest): string {
  if (request.staging === undefined) throw refusal('a sandbox needs a staging folder');
  const staging = absolutePath(request.staging, 'the staging folder');
  const entry = lstatSync(staging, { throwIfNoEntry: false });
  const isEmpty = entry?.isDirectory() === true && readdirSync(staging).length === 0;
  if (!isEmpty) throw refusal(`the staging folder ${shown(staging)} is not an empty folder`, staging);
  if ((statSync(dirname(staging)).mode & 0o077) !== 0) {
    throw refusal(`the staging folder ${shown(staging)} lies where other users can reach it`, staging);
  }
  return staging;
}

/** Home and temporary folder of the run lie in its `temporary`, which is a new one inside. */
function homeFolders({ environment, temporary }: IsolationRequest): string[] {
  const wanted = [environment['HOME'], environment['TMPDIR']];
  return wanted.filter((path) => path !== undefined).filter((path) => isWithin(temporary, path));
}

/** Where they are, in the new folder in memory that stands in the place of `temporary`. */
function secretsOf({ secretFiles = [], temporary }: IsolationRequest): Bind[] {
  return secretFiles.map((secret) => {
    const path = absolutePath(secret, 'the file of a secret');
    if (path !== temporary && isWithin(temporary, path)) return { source: path, path };
    throw refusal(`the file ${shown(path)} of a secret is not below the temporary folder`, path);
  });
}

function outputOf(path: string, project: string): string {
  const output = absolutePath(path, 'the output');
  if (isWithin(project, output) && output !== project) return output;
  throw new SandboxError('HF_SANDBOX_OUTPUT', `the output ${shown(path)} is not below the project`, { where: path });
}

function inputsOf(request: IsolationRequest, project: string, outputs: readonly string[]): Bind[] {
  if (request.readable.length > maximumInputs) throw refusal(`more than \`${maximumInputs}\` inputs`);
  const declared = [...new Set(request.readable.map((path) => absolutePath(path, 'the input')))];
  const outer = new Set(outermost(declared));
  for (const path of declared) {
    requireSeparate(path, outputs);
    requireReadable(path, project, outer);
  }
  return [...outer].map((path) => ({ source: realpathSync(path), path }));
}

function requireSeparate(path: string, outputs: readonly string[]): void {
  const output = outputs.find((candidate) => overlap(candidate, path));
  if (output !== undefined) {
    const message = `the input ${shown(path)} and the output ${shown(output)} lie in one another`;
    throw new SandboxError('HF_SANDBOX_OVERLAP', message, { where: path });
  }
}

function requireWritable(tool: string, project: string, outputs: readonly string[]): void {
  const output = outputs.find((path) => isWithin(project, tool) && overlap(tool, path));
  if (output === undefined) return;
  const message = `the output ${shown(output)} and the toolchain's ${shown(tool)} lie in one another`;
  throw new SandboxError('HF_SANDBOX_OVERLAP', message, { where: output });
}

/** Neither by its name nor through a link. */
function requireNarrow(place: string, path: string, project: string): void {
  if (isWithin(place, project)) throw badInput(`the input ${shown(path)} would show the whole project`, path);
  if (overlap(join(project, '.holdfast'), place)) {
    throw badInput(`the input ${shown(path)} would show the keys of the project`, path);
  }
  const isBroad = isWithin(place, homedir()) || ['/', '/home', '/etc', '/var', '/tmp'].includes(place);
  if (isBroad || reserved.some((folder) => overlap(folder, place))) {
    throw badInput(`the input ${shown(path)} would show the machine`, path);
  }
}

function requireReadable(path: string, project: string, outer: ReadonlySet<string>): void {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) throw badInput(`the input ${shown(path)} is not there`, path);
  if (!entry.isFile() && !entry.isDirectory()) throw badInput(`the input ${shown(path)} is no plain file`, path);
  const real = realpathSync(path);
  for (const place of [path, real]) requireNarrow(place, path, project);
  // one that lies in another is seen through it, unless a link between them leads somewhere else
  const holder = [...outer].find((folder) => folder !== path && isWithin(folder, path));
  if (holder !== undefined && real !== join(realpathSync(holder), ...partsBelow(holder, path))) {
    throw badInput(`the input ${shown(path)} leads out of ${shown(holder)}`, path);
  }
}

function badInput(message: string, where: string): SandboxError {
  return new SandboxError('HF_SANDBOX_INPUT', message, { where });
}

function refusal(message: string, where?: string): SandboxError {
  return new SandboxError('HF_SANDBOX_REQUEST', message, where === undefined ? {} : { where });
}
