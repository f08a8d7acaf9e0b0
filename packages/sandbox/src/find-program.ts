import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SandboxError, shown } from './errors.ts';
import { readHead } from './file-head.ts';
import { type DescribedProgram, type FoundProgram, outsideSystem, type VisibleRoot } from './found-program.ts';
import { findNode, nodeName } from './node.ts';
import { type ProgramSearch, searchProgram } from './program-search.ts';
import { findPython, pythonName } from './python.ts';
import { interpreterOf } from './shebang.ts';
import { behindShim } from './shims.ts';
import { linksTo } from './symbolic-links.ts';

/** BINPRM_MAX_RECURSION is 4 (linux/binfmts.h): a script that is run by a script, and so on. */
const maximumScripts = 4;

/**
 * Finds a program by its name: itself, and the interpreter when it is a script.
 *
 * @throws SandboxError HF_SANDBOX_TOOLCHAIN.
 */
export async function findProgram(name: string, search: ProgramSearch): Promise<readonly FoundProgram[]> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/.test(name)) throw refusal(`${shown(name)} is no name of a program`);
  const path = name === 'sh' ? '/bin/sh' : (searchProgram(name, search) ?? other(name, search));
  if (path === undefined) throw refusal(`the program ${shown(name)} is not on the PATH`);
  const described = await describe(name, path, search, 0);
  return described.map((program) => ({ ...program, foundIn: dirname(path) }));
}

/** Debian has a `python3` and no `python`. */
function other(name: string, search: ProgramSearch): string | undefined {
  return name === 'python' ? searchProgram('python3', search) : undefined;
}

async function describe(name: string, path: string, search: ProgramSearch, depth: number): Promise<DescribedProgram[]> {
  if (pythonName.test(basename(path))) return [await findPython(name, path, search)];
  if (nodeName.test(basename(path))) return [await findNode(name, path, search)];
  const found = await behindShim(name, path, search);
  const program = realpathSync(found);
  const roots = [program, ...modulesAround(program)].map(
    (place): VisibleRoot => ({ path: place, kind: place === program ? 'program' : 'node-modules' }),
  );
  const places = outsideSystem(roots.map((root) => root.path));
  const itself = {
    name,
    program,
    roots: roots.filter((root) => places.includes(root.path)),
    links: linksTo(found),
    folders: [dirname(found)],
  };
  return [itself, ...(await behindScript(itself, search, depth))];
}

/** The interpreter of a script. */
async function behindScript({ name, program }: DescribedProgram, search: ProgramSearch, depth: number) {
  const interpreter = interpreterOf(readHead(program, 8192) ?? '');
  if (interpreter === undefined) return [];
  if (interpreter === 'unknown' || depth >= maximumScripts) {
    throw refusal(`what runs the script ${shown(name)} is not known`, program);
  }
  const path =
    'path' in interpreter ? resolve(dirname(program), interpreter.path) : searchProgram(interpreter.name, search);
  if (path === undefined || !existsSync(path)) {
    const wanted = 'path' in interpreter ? interpreter.path : interpreter.name;
    throw refusal(`the script ${shown(name)} is run by ${shown(wanted)}, which is not there`, program);
  }
  return await describe(`${name}:${basename(path)}`, path, search, depth + 1);
}

/** A command of an npm package finds the others beside it. */
function modulesAround(program: string): string[] {
  const at = program.indexOf('/node_modules/');
  return at === -1 ? [] : [join(program.slice(0, at), 'node_modules')];
}

function refusal(message: string, where?: string): SandboxError {
  return new SandboxError('HF_SANDBOX_TOOLCHAIN', message, where === undefined ? {} : { where });
}
