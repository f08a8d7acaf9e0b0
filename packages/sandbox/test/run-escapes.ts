import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { listAttempts } from './escape-attempts.ts';
import type { AttemptOutcome, Outcome } from './escape-runner.ts';

/** The users as which attempts are run; another one takes root. */
export const users = ['the user of this test', 'nobody'] as const;

export async function canBecomeNobody(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return promisify(execFile)('setpriv', ['--version']).then(
    () => true,
    () => false,
  );
}

export const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'];

/** Which isolation attempts are run in, and what its engine needs to know. */
export interface EscapeSetting {
  readonly kind: 'sandbox' | 'podman' | 'docker';
  readonly environment?: Readonly<Record<string, string>>;
  /** Put before the runner: it becomes another user by it. */
  readonly become?: readonly string[];
}

/** Runs attempts as a user, by a runner that a careless shell left a file open in. */
export async function runEscapes(
  user: (typeof users)[number],
  names: readonly string[],
  { kind, environment = {}, become = user === 'nobody' ? nobody : [] }: EscapeSetting = { kind: 'sandbox' },
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-leak-'));
  writeFileSync(join(folder, 'secret.txt'), 'CANARY-leak');
  const descriptor = openSync(join(folder, 'secret.txt'), 'r');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const runner = [process.execPath, ...flags, join(import.meta.dirname, 'escape-runner.ts'), kind, ...names];
  const [program = '', ...rest] = [...become, ...runner];
  try {
    // 20 is beyond those that Node.js closes for its children by itself
    const gap = Array.from({ length: 17 }, () => 'ignore' as const);
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: tmpdir(), ...environment };
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe', ...gap, descriptor], env });
    const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
    if (!stdout.startsWith('{')) throw new Error(`the runner failed: ${stderr}`);
    return JSON.parse(stdout) as Outcome;
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The first user that may have a range of numbers of its own, as podman without root needs it: subuid(5), passwd(5).
 * `undefined` where this user cannot become one, or there is none.
 */
export function ordinaryUser(): EscapeSetting | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const named = new Set(lines('/etc/subuid').map((line) => line.split(':')[0]));
  const accounts = lines('/etc/passwd').map((line) => line.split(':'));
  const found = accounts.find(
    ([name = '', , uid, , , home = '']) => named.has(name) && uid !== '0' && existsSync(home),
  );
  if (found === undefined) return undefined;
  const [USER = '', , uid = '', gid = '', , HOME = ''] = found;
  const become = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--'];
  return { kind: 'podman', environment: { HOME, USER }, become };
}

function lines(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}

/** Attempts on the proxy that it did not have to refuse anything of: they failed before they came to it. */
export function notRefused(attempts: readonly AttemptOutcome[]): readonly AttemptOutcome[] {
  const certain = new Set(listAttempts().flatMap(({ name, isRefused }) => (isRefused ? [name] : [])));
  return attempts.filter(({ name, refusals }) => certain.has(name) && refusals === 0);
}
