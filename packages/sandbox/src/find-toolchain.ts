import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import { findProgram } from './find-program.ts';
import type { FoundProgram, VisibleRoot } from './found-program.ts';
import { nodeName } from './node.ts';
import { findNodeModules } from './node-modules.ts';
import { isWithin, outermost } from './paths.ts';
import { type ProgramSearch, programSearch } from './program-search.ts';
import { findSystemFiles, type Link } from './system-files.ts';
import type { Toolchain } from './toolchain.ts';

export interface ToolchainRequest {
  /** `['python', 'node', 'git']`; `sh` is always there. */
  readonly names: readonly string[];
  /** Absolute path. */
  readonly project: string;
  /** `PATH`, `VIRTUAL_ENV`, `CONDA_PREFIX`, and what version managers look at. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** A toolchain of which nothing was read yet. */
export interface FoundToolchain extends Toolchain {
  readonly programs: readonly FoundProgram[];
  /** One for each of `binds`, in the same order. */
  readonly roots: readonly VisibleRoot[];
}

const maximumPrograms = 32;
const maximumRoots = 1000;

/**
 * What {@link resolveToolchain} does, without reading and recording: enough to run something, not to tell with what.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function findToolchain(request: ToolchainRequest): Promise<FoundToolchain> {
  const { names, project, environment = process.env } = request;
  const search = programSearch(project, environment);
  const distinct = [...new Set(['sh', ...names])];
  if (distinct.length > maximumPrograms) throw refusal(`a toolchain of more than \`${maximumPrograms}\` programs`);
  const found = (await Promise.all(distinct.map((name) => findProgram(name, search)))).flat();
  const own = [...found.flatMap(({ roots }) => roots), ...moduleRoots(found, project)];
  for (const { path } of own) requireNarrow(path, search);
  const system = findSystemFiles();
  const roots = outermostRoots([...system.binds.map((path): VisibleRoot => ({ path, kind: 'system' })), ...own]);
  const binds = roots.map(({ path }) => path);
  const toolchain = { binds, roots, links: linksOutside(binds, found, system.links), path: pathOf(found, search) };
  for (const program of found) requireSame(program, toolchain);
  return { ...toolchain, programs: distinctPrograms(found) };
}

function moduleRoots(found: readonly FoundProgram[], project: string): VisibleRoot[] {
  if (!found.some(({ program }) => nodeName.test(basename(program)))) return [];
  return findNodeModules(project).map((path) => ({ path, kind: 'node-modules' }));
}

function outermostRoots(roots: readonly VisibleRoot[]): VisibleRoot[] {
  const byPath = new Map(roots.toReversed().map((root) => [root.path, root])); // the first of each
  const kept = outermost(roots.map(({ path }) => path));
  if (kept.length > maximumRoots) throw refusal(`a toolchain of more than \`${maximumRoots}\` folders`);
  return kept.flatMap((path) => byPath.get(path) ?? []);
}

function linksOutside(binds: readonly string[], found: readonly FoundProgram[], system: readonly Link[]): Link[] {
  const links = found.flatMap((program) => program.links);
  const visible = links.filter(({ path }) => !binds.some((bind) => isWithin(bind, path)));
  return [...new Map([...visible, ...system].map((link) => [link.path, link])).values()];
}

/**
 * In the order in which they were found, so that the `python` of an environment comes before the one beside a program
 * from elsewhere; then what interpreters bring along; `/usr/bin` last, because many machines have a Python and a Node.js
 * of the system's there.
 */
function pathOf(found: readonly FoundProgram[], { folders }: ProgramSearch): string[] {
  const rank = new Map(folders.map((folder, index) => [folder, index]));
  const rankOf = ({ foundIn }: FoundProgram): number => rank.get(foundIn) ?? folders.length;
  const sorted = found.toSorted((one, other) => rankOf(one) - rankOf(other));
  const [first, others] = [
    sorted.map((program) => program.folders.slice(0, 1)),
    sorted.map((program) => program.folders),
  ];
  const distinct = [...new Set([...first, ...others].flat())];
  return [...distinct.filter((path) => !isSystem(path)), ...distinct.filter((path) => isSystem(path))];
}

function isSystem(path: string): boolean {
  return ['/usr', '/bin', '/sbin'].some((folder) => isWithin(folder, path));
}

/** What is recorded by a name must be what the sandbox starts by that name. */
function requireSame({ name, program }: FoundProgram, { binds, links, path }: Toolchain): void {
  const isVisible = (place: string): boolean =>
    binds.some((bind) => isWithin(bind, place)) || links.some((link) => link.path === place);
  const first = path.map((folder) => join(folder, name)).find((place) => existsSync(place) && isVisible(place));
  if (first === undefined || realpathSync(first) === program) return;
  const message = `${shown(name)} is ${shown(program)}, but in the sandbox it would be ${shown(first)}`;
  throw new SandboxError('HF_SANDBOX_TOOLCHAIN', message, { where: first, fix: 'put its folder first on the PATH' });
}

/** An interpreter behind a script that was asked for itself, too, is there once. */
function distinctPrograms(found: readonly FoundProgram[]): FoundProgram[] {
  const asked = new Set(found.filter(({ name }) => !name.includes(':')).map(({ program }) => program));
  const behind = new Map(found.filter(({ name }) => name.includes(':')).map((program) => [program.program, program]));
  return [
    ...found.filter(({ name }) => !name.includes(':')),
    ...[...behind.values()].filter(({ program }) => !asked.has(program)),
  ];
}

/** A prefix that is somebody's home, or holds the project, would show what nobody declared. */
function requireNarrow(path: string, { project, realProject }: ProgramSearch): void {
  const kept = [homedir(), project, realProject, '/root', '/tmp', '/var', '/opt', '/home', '/srv', '/mnt'];
  const isBroad = kept.some((place) => isWithin(path, place)) || /^\/home\/[^/]+$/.test(path);
  const isVolatile = ['/proc', '/sys', '/dev', '/run', '/var/run', '/etc'].some((folder) => isWithin(folder, path));
  if (isBroad || isVolatile) throw refusal(`the toolchain would show all of ${shown(path)}`, path);
}

function refusal(message: string, where?: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', message, where === undefined ? {} : { where });
}
