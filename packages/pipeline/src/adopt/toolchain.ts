import type { ProjectFolder } from './project-folder.ts';
import { insideProject } from './project-path.ts';
import { isShell, programOf, startedCommands } from './started-commands.ts';

/**
 * Programs that every POSIX system has, by POSIX.1-2017 (Shell & Utilities) and GNU coreutils, and what is built into
 * the shell: a sandbox shows them without being asked.
 */
const system = new Set(
  `: [ . alias arch at awk b2sum base32 base64 basename bash bc bg break builtin bzip2 cal cat cd chgrp chmod chown cksum
  clear cmp column comm command continue cp csplit cut dash date dd declare df diff dir dirname du echo ed egrep env
  eval ex exec exit expand export expr factor false fgrep file find flock fold getopt getopts grep groups gunzip gzip
  head hostname iconv id install join kill let link ln local locale logname ls make md5sum mkdir mkfifo mktemp more mv
  nice nl nohup nproc numfmt od paste patch pathchk pinky pr printenv printf ps pwd read readlink readonly realpath
  return rm rmdir sed seq set sh sha1sum sha224sum sha256sum sha384sum sha512sum shift shred shuf sleep sort source
  split stat stdbuf strings stty sum sync tac tail tar tee test time timeout times touch tr trap true truncate tsort tty
  type ulimit umask unalias uname unexpand uniq unlink unset unxz uptime users vdir wait wc which who whoami xargs xz
  yes zcat`.split(/\s+/),
);

/** Programs that are installed into a Python, and do not run without it. */
const inPython = new Set(
  'accelerate deepspeed dvc jupyter jupyter-nbconvert kedro luigi mlflow papermill pip pytest snakemake torchrun'.split(
    ' ',
  ),
);

const maximumScripts = 20;
const nameOfTool = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/**
 * What a command needs a sandbox to show beside its inputs: the programs that it starts, those of the shell scripts of
 * the project that it starts among them. Programs that every system has are left out.
 *
 * @example
 * ```ts
 * import { openProjectFolder } from '@holdfast/pipeline/adopt/project-folder';
 * await toolchainOf('mkdir -p build && python3 train.py', await openProjectFolder('.')); // ['python3']
 * ```
 */
export async function toolchainOf(command: string, folder: ProjectFolder): Promise<readonly string[]> {
  const tools = new Set<string>();
  const seen = new Set<string>();
  const texts = [command];
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    for (const { program, words } of startedCommands(text)) {
      const named = words.map(({ value }) => value ?? '');
      const given = isShell(program) ? named.slice(1).find((word) => !word.startsWith('-')) : named[0];
      const path = insideProject('', given ?? '');
      const mayBeOwn = isShell(program) || (given ?? '').includes('/');
      const isOwn = path !== undefined && mayBeOwn && folder.isFile(path);
      if (!isOwn && !isShell(program)) addTool(program, named[0] ?? '', tools);
      if (!isOwn || seen.has(path) || seen.size === maximumScripts) continue;
      seen.add(path);
      texts.push(await shellScript(path, isShell(program), folder, tools));
    }
  }
  return [...tools].sort();
}

function addTool(name: string, written: string, tools: Set<string>): void {
  // a program by its path is nothing to look up, but a Python of an environment is
  if (written.includes('/') && !/^python[0-9.]*$/.test(name)) return;
  if (system.has(name) || !nameOfTool.test(name)) return;
  if (inPython.has(name)) tools.add('python');
  tools.add(name);
}

/** The text of a shell script; of a script in another language its interpreter is noted. */
async function shellScript(path: string, isGiven: boolean, folder: ProjectFolder, tools: Set<string>): Promise<string> {
  const text = (await folder.read(path).catch(() => undefined)) ?? '';
  const interpreter = programOf(/^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(\S+)/.exec(text)?.[1] ?? 'sh');
  if (isGiven || isShell(interpreter)) return text;
  addTool(interpreter, interpreter, tools);
  return '';
}
