import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { isWithin } from './paths.ts';

/** Where programs are searched, and for which project. */
export interface ProgramSearch {
  /** Absolute path. */
  readonly project: string;
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
  return { project, folders: [...new Set(folders)], environment };
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
export function startable(path: string, { project }: ProgramSearch, name: RegExp): string | undefined {
  const real = realpathSync(path);
  const home = realpathSync(project);
  if (isWithin(home, real) || isWithin(project, real)) return undefined;
  if (!isWithin(project, path) && !isWithin(home, path)) return path;
  return name.test(basename(real)) ? real : undefined;
}

/** Variables for a program that is started outside: what it starts itself by name must not lie in the project, either. */
export function askingEnvironment({ project, environment }: ProgramSearch): Record<string, string | undefined> {
  const home = realpathSync(project);
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => {
    if (!isAbsolute(folder) || !existsSync(folder)) return false;
    const real = realpathSync(folder);
    return ![folder, real].some((place) => isWithin(project, place) || isWithin(home, place));
  });
  // NODE_OPTIONS may load modules of the project
  return { ...environment, PATH: folders.join(delimiter), NODE_OPTIONS: undefined };
}
