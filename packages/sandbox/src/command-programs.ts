import { NotUnderstood, ShellReader, type ShellWord } from './shell-reader.ts';

/**
 * The programs that a shell command begins with: `python`, `node` and `tee` of
 * `SEED=1 python train.py && node report.mjs | tee log`. Each once, in their order.
 *
 * A guess to start from, for a stage that names no toolchain: it leaves out what it does not understand (variables,
 * `case`, here-documents, arithmetic) and all that follows, what the shell does itself, and paths, which are inputs;
 * but `.venv/bin/python` is `python`. A name that it finds need not be a program of this machine.
 *
 * @example
 * const names = programsOf('python train.py > log'); // ['python']
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
 */
export function programsOf(command: string): string[] {
  const collector = new Collector();
  if (command.length > maximumCommand) return [];
  try {
    new ShellReader(command, collector).read();
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
  }
  return collector.names();
}

const maximumCommand = 131_072; // MAX_ARG_STRLEN of linux/binfmts.h

/** Reserved words after which a command comes. */
const leading = new Set(['!', '{', 'if', 'then', 'elif', 'else', 'while', 'until', 'do', 'time']);

/** Those after which words come that are no commands, in a way that is not followed further. */
const opaque = new Set(['case', 'select', 'function', '[[']);

/** The rest of the reserved words, the built-in utilities, and what dash and bash have built in beside them. */
const builtIn = new Set(
  `for in } fi done esac . : alias bg break cd continue declare echo eval exit export false fc fg getopts hash help history
  jobs kill let local printf pwd read readonly return set shift shopt source test [ times trap true type typeset ulimit
  umask unalias unset wait`.split(/\s+/),
);

/** What starts the command that follows; the last two are programs themselves. */
const starting = new Set(['exec', 'command', 'nohup', 'env']);

class Collector {
  readonly #found: string[] = [];
  readonly #functions = new Set<string>();

  names(): string[] {
    return [...new Set(this.#found)].filter((name) => !this.#functions.has(name));
  }

  /** @returns Whether the next word is a command, too. */
  command({ text, isPlain }: ShellWord): boolean {
    if (text === undefined) return false;
    if (isPlain && opaque.has(text)) throw new NotUnderstood();
    if (isPlain && leading.has(text)) return true;
    if (builtIn.has(text)) return false;
    const name = /^(?:\.\/)?\.?venv\/bin\/([^/]+)$/.exec(text)?.[1] ?? text;
    if (!/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/.test(name)) return false;
    if (name !== 'exec' && name !== 'command') this.#found.push(name);
    return starting.has(name);
  }

  defined(name: string): void {
    this.#functions.add(name);
  }
}
