import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../bin/holdfast.js', import.meta.url));
const server = fileURLToPath(new URL('warm.ts', import.meta.url));

/** Where all tests keep what Node compiled of the sources. */
export const compileCache = fileURLToPath(new URL('../../../build/compile-cache', import.meta.url));

const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** What starts a process for each command, as it is installed. */
export const launcher = `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(bin)} "$@"\n`;

/** What hands a command over to the process that stays, and answers as it is told. */
const client = (calls: string): string => `#!/bin/bash
calls=${quote(calls)}
for _ in {1..3000}; do [ -e "$calls/port" ] && break; sleep 0.02; done
{ printf '%s\\0' "$PWD" "$#" "$@"; env -0; } >"$calls/$$"
exec 3<>"/dev/tcp/127.0.0.1/$(<"$calls/port")" && echo $$ >&3 && read -r -u 3 status || exit 70
cat "$calls/$$.out"
cat "$calls/$$.err" >&2
exit "$status"
`;

/**
 * A program `holdfast` that one process carries out, call after call, for tests that type many commands and look at
 * what these say and write: starting Node and the policy engine is nearly all of what a command costs. Tests that are
 * about the process start one for each command, and in the long suite this does, too.
 */
export class WarmCommand {
  /** The folder that `holdfast` lies in, for PATH. */
  readonly programs: string;
  readonly #child: ChildProcess | undefined;

  /** @param folder a folder to be made for this alone */
  constructor(folder: string) {
    this.programs = join(folder, 'programs');
    const calls = join(folder, 'calls');
    for (const place of [this.programs, calls]) mkdirSync(place, { recursive: true, mode: 0o700 });
    const isLong = process.env['HOLDFAST_LONG'] === '1';
    writeFileSync(join(this.programs, 'holdfast'), isLong ? launcher : client(calls), { mode: 0o755 });
    if (isLong) return;
    const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
    this.#child = spawn(process.execPath, [...flags, server, calls], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache },
      stdio: ['pipe', 'inherit', 'inherit'],
    });
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
  }
}
