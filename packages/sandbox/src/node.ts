import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { ask } from './ask.ts';
import { SandboxError, shown } from './errors.ts';
import { type DescribedProgram, outsideSystem, stringsOf, type VisibleRoot } from './found-program.ts';
import { askingEnvironment, type ProgramSearch, startable } from './program-search.ts';
import { linksTo } from './symbolic-links.ts';

/** The file name of a Node.js. */
export const nodeName = /^node(?:js)?$/;

const question = 'JSON.stringify([process.execPath, process.versions.node])';

interface Answer {
  readonly executable: string;
  readonly version?: string;
}

/**
 * Asks a Node.js where it lives; its prefix is shown when it is a distribution of Node.js, else its folder. One that
 * lies in the project, as npm can install it, is not asked.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function findNode(name: string, path: string, search: ProgramSearch): Promise<DescribedProgram> {
  const { executable, version } = await askNode(path, search);
  const program = realpathSync(executable);
  const folder = dirname(program);
  const prefix = dirname(folder);
  const isDistribution = basename(folder) === 'bin' && existsSync(join(prefix, 'include/node'));
  const known = version === undefined ? {} : { version };
  const places = outsideSystem([isDistribution ? prefix : folder]);
  const roots = places.map((place): VisibleRoot => ({ path: place, kind: 'node', ...known }));
  return { name, program, ...known, roots, links: linksTo(executable), folders: [folder] };
}

async function askNode(path: string, search: ProgramSearch): Promise<Answer> {
  if (realpathSync(path) === realpathSync(process.execPath))
    return { executable: path, version: process.versions.node };
  const program = startable(path, search, nodeName);
  if (program === undefined) return { executable: path };
  const text = await ask(program, ['-p', question], search.project, askingEnvironment(search));
  const [executable = '', version] = stringsOf(text, 2) ?? [];
  if (isAbsolute(executable) && existsSync(executable) && version !== undefined) return { executable, version };
  throw new SandboxError('HF_SANDBOX_TOOLCHAIN', `${shown(path)} does not tell where it is installed`, { where: path });
}
