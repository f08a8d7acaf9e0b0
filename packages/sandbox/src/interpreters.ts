import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { ask } from './ask.ts';
import { SandboxError, shown } from './errors.ts';
import { isWithin } from './paths.ts';
import { linksTo } from './symbolic-links.ts';
import type { Link } from './system-files.ts';

/** A program and what it needs beside what the operating system owns. */
export interface Interpreter {
  readonly name: string;
  /** Real path. */
  readonly program: string;
  readonly version?: string;
  readonly binds: readonly string[];
  readonly links: readonly Link[];
  /** Folders to search first for it. */
  readonly folders: readonly string[];
}

const pythonQuestion = `import json, platform, sys
print(json.dumps([sys.executable, sys.prefix, sys.base_prefix, platform.python_version()]))`;

/**
 * Asks a Python where it lives. `-I` keeps the project and the user's packages out of the answer; in a virtual
 * environment (PEP 405) `sys.prefix` is the environment and `sys.base_prefix` the Python that it was made from.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function askPython(name: string, path: string, project: string): Promise<Interpreter> {
  const answer = stringsOf(await ask(path, ['-I', '-c', pythonQuestion], project), 4);
  const [executable = '', prefix = '', base = '', version = ''] = answer ?? [];
  if (![executable, prefix, base].every(isAbsolute)) throw unanswered(path);
  if (![executable, prefix, base].every(existsSync)) throw unanswered(path);
  const program = realpathSync(executable);
  const prefixes = [prefix, base].flatMap((folder) => [folder, realpathSync(folder)]);
  const home = dirname(dirname(program)); // python-build-standalone: the prefix may be a link to it
  const needed = isPrefix(home) ? [...prefixes, home] : prefixes;
  const folders = [...new Set([dirname(executable), join(prefix, 'bin'), join(base, 'bin')])];
  return { name, program, version, binds: outsideSystem(needed), links: linksTo(executable), folders };
}

/** A folder with `bin` and `lib`, as `make install` leaves it. */
function isPrefix(folder: string): boolean {
  return folder !== '/' && existsSync(join(folder, 'bin')) && existsSync(join(folder, 'lib'));
}

/**
 * Asks a Node.js where it lives; its prefix is shown when it is a distribution of Node.js, else its folder.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function askNode(name: string, path: string, project: string): Promise<Interpreter> {
  const question = 'JSON.stringify([process.execPath, process.versions.node])';
  const [executable = '', version = ''] = stringsOf(await ask(path, ['-p', question], project), 2) ?? [];
  if (!isAbsolute(executable) || !existsSync(executable)) throw unanswered(path);
  const program = realpathSync(executable);
  const folder = dirname(program);
  const prefix = dirname(folder);
  const isDistribution = basename(folder) === 'bin' && existsSync(join(prefix, 'include/node'));
  const binds = outsideSystem([isDistribution ? prefix : folder]);
  return { name, program, version, binds, links: linksTo(executable), folders: [folder] };
}

function outsideSystem(paths: readonly string[]): string[] {
  return [...new Set(paths)].filter((path) => !isWithin('/usr', path));
}

/** A program on the PATH may answer anything. */
function stringsOf(text: string | undefined, count: number): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const isAnswer = Array.isArray(value) && value.length === count && value.every((item) => typeof item === 'string');
    return isAnswer ? value : undefined;
  } catch {
    return undefined;
  }
}

function unanswered(path: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', `${shown(path)} does not tell where it is installed`, {
    where: path,
  });
}
