import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import { isWithin } from './paths.ts';

/** Where programs are searched, and for which project. */
export interface ProgramSearch {
  /** Absolute path. */
  readonly project: string;
  readonly realProject: string;
  /** Absolute paths, first one first. */
  readonly folders: readonly string[];
  /** For version managers, which look at it to choose. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * The order in which an activated environment would be found: `VIRTUAL_ENV`, `CONDA_PREFIX`, then `.venv` and `venv` of
 * the project, which need not be activated, then `PATH`. What is not absolute depends on where one stands: left out.
 */
export function programSearch(project: string, environment: ProgramSearch['environment']): ProgramSearch {
  const active = [environment['VIRTUAL_ENV'], environment['CONDA_PREFIX']].filter((path) => path !== undefined);
  const environments = [...active, join(project, '.venv'), join(project, 'venv')].map((path) => join(path, 'bin'));
  const folders = [...environments, ...(environment['PATH'] ?? '').split(delimiter)].filter(isAbsolute);
  return { project, realProject: realPath(project), folders: [...new Set(folders)], environment };
}

function realPath(project: string): string {
  try {
    return realpathSync(project);
  } catch (cause) {
    const message = `the project ${shown(project)} is not there`;
    throw new SandboxError('HF_SANDBOX_REQUEST', message, { where: project, fix: 'name a folder that exists', cause });
  }
}

export function searchProgram(name: string, { folders }: Pick<ProgramSearch, 'folders'>): string | undefined {
  return folders.map((folder) => join(folder, name)).find((candidate) => isProgram(candidate));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The path by which an interpreter may be started outside the sandbox, to be asked where it lives; `undefined` when
 * that would run what the project brought along. A link in the project to an interpreter elsewhere is no reason to
 * distrust that one; but it must be one by its name, or a link could start anything.
 */
export function startable(path: string, search: ProgramSearch, name: RegExp): string | undefined {
  const real = realpathSync(path);
  if (isInProject(real, search)) return undefined;
  if (!isInProject(path, search)) return path;
  return name.test(basename(real)) ? real : undefined;
}

function isInProject(path: string, { project, realProject }: ProgramSearch): boolean {
  return isWithin(project, path) || isWithin(realProject, path);
}

/** Variables for a program that is started outside: what it starts itself by name must not lie in the project, either. */
export function askingEnvironment(search: ProgramSearch): Record<string, string | undefined> {
  const folders = (search.environment['PATH'] ?? '').split(delimiter).filter((folder) => {
    if (!isAbsolute(folder) || !existsSync(folder)) return false;
    return !isInProject(folder, search) && !isInProject(realpathSync(folder), search);
  });
  // NODE_OPTIONS may load modules of the project
  return { ...search.environment, PATH: folders.join(delimiter), NODE_OPTIONS: undefined };
}
