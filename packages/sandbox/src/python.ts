import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { ask } from './ask.ts';
import { SandboxError, shown } from './errors.ts';
import { type DescribedProgram, outsideSystem, stringsOf, type VisibleRoot } from './found-program.ts';
import { askingEnvironment, type ProgramSearch, startable } from './program-search.ts';
import { linksTo } from './symbolic-links.ts';
import { type VirtualEnvironment, virtualEnvironmentOf } from './virtual-environment.ts';

/** The file name of a Python. */
export const pythonName = /^(?:python|pypy)\d{0,2}(?:\.\d{1,3})?[td]{0,2}$/;

const question = `import json, sys
print(json.dumps([sys.executable, sys.base_prefix, sys.version.split()[0]]))`;

interface Answer {
  readonly executable: string;
  /** Where the standard library is; for a virtual environment, of the Python that it was made from. */
  readonly prefix: string;
  readonly version: string;
}

/**
 * Finds what a Python needs: its prefix, and its virtual environment when it has one.
 *
 * Nothing of the project is started: a virtual environment in it is recognised by its `pyvenv.cfg`, and the Python
 * that it was made from is asked. Nor does a line of a `.pth` file or a `sitecustomize` run: `-S` leaves them out.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function findPython(name: string, path: string, search: ProgramSearch): Promise<DescribedProgram> {
  const environment = virtualEnvironmentOf(path);
  if (environment !== undefined) return inEnvironment(name, path, environment, search);
  const program = startable(path, search, pythonName);
  if (program === undefined) return inProject(name, path);
  const answer = await askPython(program, search);
  const behind = virtualEnvironmentOf(answer.executable); // of a shim
  if (behind !== undefined) return inEnvironment(name, answer.executable, behind, search);
  const { executable, prefix, version } = answer;
  const folders = [dirname(executable), join(prefix, 'bin')];
  return {
    name,
    program: realpathSync(executable),
    version,
    roots: rootsOf(answer),
    links: linksTo(executable),
    folders,
  };
}

async function inEnvironment(
  name: string,
  path: string,
  environment: VirtualEnvironment,
  search: ProgramSearch,
): Promise<DescribedProgram> {
  const base = basePythons(path, environment).flatMap((candidate) => startable(candidate, search, pythonName) ?? []);
  if (base[0] === undefined) throw unstarted(path);
  const answer = await askPython(base[0], search);
  const { executable, prefix, version } = answer;
  const folders = outsideSystem([environment.folder, realpathSync(environment.folder)]);
  const own = folders.map((folder): VisibleRoot => ({ path: folder, kind: 'virtual-environment', version }));
  return {
    name,
    program: realpathSync(path),
    version,
    roots: [...own, ...rootsOf(answer)],
    links: [...linksTo(path), ...linksTo(executable)],
    folders: [dirname(path), join(prefix, 'bin')],
  };
}

/** `bin/python` of an environment is a link to it, or a copy beside a note of where it came from. */
function basePythons(path: string, { home }: VirtualEnvironment): string[] {
  const noted = home === undefined ? [] : ['python3', 'python'].map((name) => join(home, name));
  return [path, ...noted].filter((candidate) => existsSync(candidate));
}

async function askPython(path: string, search: ProgramSearch): Promise<Answer> {
  const text = await ask(path, ['-I', '-S', '-B', '-c', question], search.project, askingEnvironment(search));
  const [executable = '', prefix = '', version = ''] = stringsOf(text, 3) ?? [];
  const isAnswer = [executable, prefix].every((place) => isAbsolute(place) && existsSync(place));
  if (!isAnswer) throw refusal(`${shown(path)} does not tell where it is installed`, path);
  return { executable, prefix, version };
}

function rootsOf({ executable, prefix, version }: Answer): VisibleRoot[] {
  const home = dirname(dirname(realpathSync(executable))); // python-build-standalone: the prefix may be a link to it
  const needed = [prefix, realpathSync(prefix), ...(isPrefix(home) ? [home] : [])];
  return outsideSystem(needed).map((path) => ({ path, kind: 'python', version }));
}

/** A folder with `bin` and `lib`, as `make install` leaves it. */
function isPrefix(folder: string): boolean {
  return folder !== '/' && existsSync(join(folder, 'bin')) && existsSync(join(folder, 'lib'));
}

/** A whole Python in the project, of Conda for example, cannot be asked; it has its library where its prefix is. */
function inProject(name: string, path: string): DescribedProgram {
  const prefix = dirname(dirname(realpathSync(path)));
  const version = libraryVersion(join(prefix, 'lib'));
  if (version === undefined) throw unstarted(path);
  const program = realpathSync(path);
  const folders = [...new Set([dirname(path), join(prefix, 'bin')])];
  return { name, program, version, roots: [{ path: prefix, kind: 'python', version }], links: linksTo(path), folders };
}

/** `os.py` is the landmark by which Python itself finds its prefix (Modules/getpath.py). */
function libraryVersion(library: string): string | undefined {
  const names = existsSync(library) ? readdirSync(library) : [];
  const found = names.find((name) => /^python3\.\d{1,3}t?$/.test(name) && existsSync(join(library, name, 'os.py')));
  return found?.slice('python'.length);
}

function unstarted(path: string): SandboxError {
  return new SandboxError(
    'HF_SANDBOX_TOOLCHAIN',
    `${shown(path)} lies in the project and is never started outside it`,
    {
      where: path,
      fix: 'make a virtual environment from a Python elsewhere: `python3 -m venv .venv`',
    },
  );
}

function refusal(message: string, where: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', message, { where });
}
