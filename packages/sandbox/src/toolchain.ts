import { accessSync, constants, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { RunDependency } from '@holdfast/evidence';
import { SandboxError, shown } from './errors.ts';
import { askNode, askPython, type Interpreter } from './interpreters.ts';
import { findNodeModules } from './node-modules.ts';
import { isWithin, outermost } from './paths.ts';
import { linksTo } from './symbolic-links.ts';
import { describeSystem, findSystemFiles, type Link, type SystemRecord, sha256OfFile } from './system-files.ts';

/** One program that the command may start, as it was when the toolchain was resolved. */
export interface ToolchainProgram {
  readonly name: string;
  /** Real path. */
  readonly path: string;
  readonly version?: string;
  readonly sha256: string;
}

/** What a sandbox shows beside the inputs. */
export interface Toolchain {
  readonly programs: readonly ToolchainProgram[];
  readonly system: SystemRecord;
  /** Absolute paths, bound read-only where they are. */
  readonly binds: readonly string[];
  readonly links: readonly Link[];
  /** Folders to search first for a program. */
  readonly path: readonly string[];
}

export interface ToolchainRequest {
  /** `['python', 'node', 'git']`; `sh` is always there. */
  readonly names: readonly string[];
  /** Absolute path. */
  readonly project: string;
  /** Where programs are searched; default `process.env.PATH`. */
  readonly path?: string;
}

const maximumPrograms = 32;

/**
 * Finds what must be visible for the named programs to run: for `python` its prefix and virtual environment, for
 * `node` its folder and every `node_modules` above the project, for others the program itself, and for all of them
 * what the operating system owns.
 *
 * Interpreters are asked themselves where they live, because what stands on `PATH` may be a shim (pyenv, volta). They
 * are started outside the sandbox for that, as `python -I` and `node -p`.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 *
 * @example
 * const toolchain = await resolveToolchain({ names: ['python'], project: '~/model' });
 */
export async function resolveToolchain(request: ToolchainRequest): Promise<Toolchain> {
  const names = [...new Set(['sh', ...request.names])];
  if (names.length > maximumPrograms) throw refusal(`a toolchain of more than \`${maximumPrograms}\` programs`);
  const found = await Promise.all(names.map((name) => findProgram(name, request)));
  const system = findSystemFiles();
  const modules = names.includes('node') ? findNodeModules(request.project) : [];
  const binds = [...system.binds, ...found.flatMap(({ binds }) => binds), ...modules];
  for (const path of binds.slice(system.binds.length)) requireNarrow(path, request.project);
  const programs = await Promise.all(found.map((interpreter) => recordProgram(interpreter)));
  const kept = outermost(binds);
  const links = found.flatMap(({ links }) => links).filter(({ path }) => !kept.some((bind) => isWithin(bind, path)));
  const byPath = new Map([...links, ...system.links].map((link) => [link.path, link]));
  return {
    programs,
    system: await describeSystem(programs.map(({ path }) => path)),
    binds: kept,
    links: [...byPath.values()],
    path: systemLast([...new Set(found.flatMap(({ folders }) => folders))]),
  };
}

/** The programs as dependencies of a run: SLSA provenance v1, `resolvedDependencies`. */
export function toolchainDependencies(toolchain: Toolchain): RunDependency[] {
  return toolchain.programs.map(({ name, path, version, sha256 }) => ({
    name: `toolchain:${name}`,
    digest: { sha256 },
    annotations: { kind: 'toolchain', path, ...(version === undefined ? {} : { version }) },
  }));
}

async function findProgram(name: string, { project, path = process.env['PATH'] ?? '' }: ToolchainRequest) {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/.test(name)) throw refusal(`${shown(name)} is no name of a program`);
  const onPath =
    name === 'sh' ? '/bin/sh' : (search(name, path) ?? (name === 'python' ? search('python3', path) : undefined));
  if (onPath === undefined) throw refusal(`the program ${shown(name)} is not on the PATH`);
  if (/^python(?:\d(?:\.\d+)?)?$/.test(name)) return askPython(name, onPath, project);
  if (name === 'node') return askNode(name, onPath, project);
  return plainProgram(name, onPath);
}

/** A program of which nothing is known is shown alone, and runs when it needs only what the system has. */
function plainProgram(name: string, path: string): Interpreter {
  const program = realpathSync(path);
  return { name, program, binds: isSystem(program) ? [] : [program], links: linksTo(path), folders: [dirname(path)] };
}

/** `/usr/bin` has a Python and a Node.js of its own on many machines, and must not come before the ones asked for. */
function systemLast(folders: readonly string[]): string[] {
  return [...folders.filter((path) => !isSystem(path)), ...folders.filter((path) => isSystem(path))];
}

function isSystem(path: string): boolean {
  return ['/usr', '/bin', '/sbin'].some((folder) => isWithin(folder, path));
}

function search(name: string, path: string): string | undefined {
  const candidates = path.split(delimiter).filter((folder) => folder.startsWith('/'));
  return candidates.map((folder) => join(folder, name)).find((candidate) => isProgram(candidate));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A prefix that is somebody's home, or holds the project, would show what nobody declared. */
function requireNarrow(path: string, project: string): void {
  const isBroad = [homedir(), project, '/tmp', '/var', '/opt', '/home'].some((kept) => isWithin(path, kept));
  const isVolatile = ['/proc', '/sys', '/dev', '/run', '/var/run', '/etc'].some((folder) => isWithin(folder, path));
  if (isBroad || isVolatile) throw refusal(`the toolchain would show all of ${shown(path)}`, path);
}

async function recordProgram({ name, program, version }: Interpreter): Promise<ToolchainProgram> {
  const sha256 = await sha256OfFile(program);
  return { name, path: program, ...(version === undefined ? {} : { version }), sha256 };
}

function refusal(message: string, where?: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', message, where === undefined ? {} : { where });
}
