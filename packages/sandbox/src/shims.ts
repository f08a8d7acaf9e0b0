import { existsSync, realpathSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import { ask } from './ask.ts';
import { SandboxError, shown } from './errors.ts';
import { readHead } from './file-head.ts';
import { askingEnvironment, type ProgramSearch, startable } from './program-search.ts';

const maximumShim = 4096;

/** Programs that stand behind every shim of a version manager, and choose by the name that they are called by. */
const manyNames = ['mise', 'asdf', 'volta-shim', 'rtx'];

/**
 * The program behind a shim of a version manager, or the path itself when it is none. pyenv is asked (`pyenv which`);
 * of others it is only known that their shims do nothing without them, which the sandbox does not show.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function behindShim(name: string, path: string, search: ProgramSearch): Promise<string> {
  const real = realpathSync(path);
  const manager = basename(real);
  if (manyNames.includes(manager) && basename(path) !== manager) throw unknownShim(name, path, manager);
  const text = readHead(real, maximumShim) ?? '';
  if (!text.startsWith('#!')) return path;
  if (/^exec .*\basdf\b.* exec /m.test(text)) throw unknownShim(name, path, 'asdf');
  const pyenv = /^exec "(\/[^"\n$`\\]+\/pyenv)" exec "\$program" "\$@"$/m.exec(text)?.[1];
  if (pyenv === undefined) return path;
  const root = /^export PYENV_ROOT="([^"\n$`\\]+)"$/m.exec(text)?.[1];
  const environment = { ...askingEnvironment(search), ...(root === undefined ? {} : { PYENV_ROOT: root }) };
  return (await askPyenv(pyenv, path, { ...search, environment })) ?? unknownProgram(name, path);
}

async function askPyenv(pyenv: string, path: string, search: ProgramSearch): Promise<string | undefined> {
  const program = existsSync(pyenv) ? startable(pyenv, search, /^pyenv$/) : undefined;
  if (program === undefined) return undefined;
  const answer = await ask(program, ['which', basename(path)], search.project, search.environment);
  const found = answer?.trim() ?? '';
  const isAnswer = isAbsolute(found) && existsSync(found) && realpathSync(found) !== realpathSync(path);
  return isAnswer ? found : undefined;
}

function unknownProgram(name: string, path: string): never {
  const message = `${shown(name)} is a shim of pyenv, which knows no program behind it`;
  throw new SandboxError('HF_SANDBOX_TOOLCHAIN', message, {
    where: path,
    fix: `see what \`pyenv which ${basename(path)}\` says in the project`,
  });
}

function unknownShim(name: string, path: string, manager: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', `${shown(name)} is a shim of ${shown(manager)}`, {
    where: path,
    fix: `put the folder that \`${manager} which ${basename(path)}\` names first on the PATH`,
  });
}
