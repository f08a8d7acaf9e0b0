import { execFile, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
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

/** Runs attempts as a user, by a runner that a careless shell left a file open in. */
export async function runEscapes(user: (typeof users)[number], names: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-leak-'));
  writeFileSync(join(folder, 'secret.txt'), 'CANARY-leak');
  const descriptor = openSync(join(folder, 'secret.txt'), 'r');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const runner = [process.execPath, ...flags, join(import.meta.dirname, 'escape-runner.ts'), ...names];
  const [program = '', ...rest] = user === 'nobody' ? [...nobody, ...runner] : runner;
  try {
    // 20 is beyond those that Node.js closes for its children by itself
    const gap = Array.from({ length: 17 }, () => 'ignore' as const);
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: tmpdir() };
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe', ...gap, descriptor], env });
    const [stdout, stderr] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
    if (!stdout.startsWith('{')) throw new Error(`the runner failed: ${stderr}`);
    return JSON.parse(stdout) as Outcome;
  } finally {
    closeSync(descriptor);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Attempts on the proxy that it did not have to refuse anything of: they failed before they came to it. */
export function notRefused(attempts: readonly AttemptOutcome[]): readonly AttemptOutcome[] {
  const certain = new Set(listAttempts().flatMap(({ name, isRefused }) => (isRefused ? [name] : [])));
  return attempts.filter(({ name, refusals }) => certain.has(name) && refusals === 0);
}
