/** By what a script is run. */
export type Interpreter =
  /** Absolute path, or a path relative to the folder of the script. */
  | { readonly path: string }
  /** A name that `env` looks up. */
  | { readonly name: string };

/** BINPRM_BUF_SIZE of linux/binfmts.h: what the kernel reads of the first line. */
const maximumLine = 256;

/**
 * Reads the first line of a script, `#!/path/python -u` or `#!/usr/bin/env python3`; and the second one where the path
 * of the interpreter was too long or held a space, so that pip, uv and conda let a shell start it:
 *
 *     #!/bin/sh
 *     '''exec' "/a folder/bin/python" "$0" "$@"
 *
 * @param head The first bytes of the file.
 * @returns `undefined` for what is no script, `'unknown'` for a script that is started in a way that is not known.
 * @see execve(2), "Interpreter scripts"; env(1), "-S"
 */
export function interpreterOf(head: string): Interpreter | 'unknown' | undefined {
  if (!head.startsWith('#!')) return undefined;
  const [first = '', second = ''] = head.split('\n', 2);
  if (first.length > maximumLine) return 'unknown';
  const [, path = '', option = ''] = /^#![ \t]*([^ \t\r]+)[ \t]*([^\r]*)\r?$/.exec(first) ?? [];
  if (!path.startsWith('/')) return 'unknown';
  if (path.endsWith('/env')) return lookedUp(option.trim());
  return (/\/(?:ba|da)?sh$/.test(path) && second.startsWith("'''exec'") ? started(second) : undefined) ?? { path };
}

/** `python3`, `-S python3 -u`, `-S NAME=value python3`. */
function lookedUp(option: string): Interpreter | 'unknown' {
  const split = /^(?:-S|--split-string=)[ \t]*(.*)$/.exec(option)?.[1];
  const word = (split ?? option).split(/[ \t]+/).find((part) => !/^[A-Za-z_]\w*=/.test(part)) ?? '';
  if (split === undefined && word !== option) return 'unknown'; // without -S all of it is one name
  if (word.startsWith('/')) return { path: word };
  return /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/.test(word) ? { name: word } : 'unknown';
}

function started(line: string): Interpreter | 'unknown' {
  const absolute = /^'''exec' (?:"(\/[^"$`\\]+)"|'(\/[^']+)'|(\/[^\s"'$`\\]+)) "\$0" "\$@"/.exec(line);
  const path = absolute?.slice(1).find(Boolean);
  if (path !== undefined) return { path };
  // uv, for an environment that can be moved
  const beside = /^'''exec' "\$\(dirname -- "\$\(realpath -- "\$0"\)"\)"\/'?([A-Za-z0-9._-]+)'? "\$0" "\$@"/.exec(line);
  return beside?.[1] === undefined ? 'unknown' : { path: beside[1] };
}
