import { SandboxError, shown } from './errors.ts';

/** Names that a shell takes: POSIX.1-2017, Base Definitions 3.235. */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** What container engines add by themselves. */
const engineVariables = ['HOSTNAME', 'TERM', 'container', 'HOME', 'PATH'];

/**
 * The first program in a container, for `/bin/sh`: sets the variables, which the command line and the engine's records
 * would show to others, makes the homes, starts the command and exits as it did.
 *
 * Its standard input is a cord: when the other end is let go, because whoever started the container is gone, it kills
 * everything in it. The command does not get that descriptor. Everything is every process of its namespace of them, so it
 * does not begin where it is not the first of one.
 *
 * @throws SandboxError HF_SANDBOX_REQUEST.
 */
export function initScript(environment: Readonly<Record<string, string>>, folders: readonly string[]): string {
  const exports = Object.entries(environment).map(([name, value]) => {
    if (variableName.test(name)) return `export ${name}=${quoted(value)}\n`;
    throw new SandboxError('HF_SANDBOX_REQUEST', `a container cannot have a variable ${shown(name)}`);
  });
  return [
    "test $$ = 1 || { echo 'holdfast: this is not the first process of a container' >&2; exit 125; }\n",
    `unset ${engineVariables.join(' ')}\n`,
    'exec 3<&0 </dev/null\n',
    '(read -r end <&3; kill -KILL -1) &\n',
    'exec 3<&-\n',
    'PATH=/usr/bin:/bin\n',
    ...folders.map((path) => `mkdir -p -m 700 ${quoted(path)}\n`),
    ...exports,
    '"$@"\nexit $?\n',
  ].join('');
}

/**
 * What stands between the runner and the engine, for `/bin/sh -c`: holds the other end of the cord (its first argument,
 * a named pipe), and waits for the engine (the fourth and all after it). A kill takes it along with the runner, by
 * `setpriv --pdeathsig`, and the container with it. Signals to end it are left to the engine, which passes them on.
 *
 * Podman without root leaves at once when it is told to end, and says 0 (4.3.1). So after a 0 the cord is held as long as
 * the container (third argument) runs, which the engine (second argument) knows; what was told to end did not end well.
 */
export const cordScript = `exec 3<>"$1" || exit 126
cord=$1 engine=$2 name=$3 told= left=; shift 3
"$@" <"$cord" 3>&- &
trap told=1 TERM INT HUP
wait $!; status=$?
while kill -0 $! 2>/dev/null; do wait $!; status=$?; done
runs() { test "$("$engine" container inspect --format '{{.State.Running}}' "$name" 2>/dev/null)" = true; }
while test $status = 0 && runs; do left=1; sleep 0.1; done
test $status = 0 && test "$told$left" && exit 143
exit $status`;

/** POSIX.1-2017, Shell Command Language 2.2.2: within single quotes everything stands for itself, except the quote. */
function quoted(text: string): string {
  if (text.includes('\0')) throw new SandboxError('HF_SANDBOX_REQUEST', 'a variable or a path holds a NUL');
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
