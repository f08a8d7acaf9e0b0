import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const scripts = join(import.meta.dirname, '../../../../tools/peers/scan');

/** The Python of an environment of the peers, or the machine's own for `system`. */
export function pythonOf(environment: 'scan' | 'scan-torch' | 'system'): string {
  if (environment === 'system') return '/usr/bin/python3';
  const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers');
  return join(peers, environment, 'bin', 'python');
}

/** Skips where the environment is missing, or fails where everything must be there. */
export function needsPython(context: { skip(note: string): unknown }, environment: 'scan' | 'scan-torch' | 'system'): void {
  const python = pythonOf(environment);
  if (existsSync(python)) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${python}`);
  context.skip(`needs ${python}`);
}

/** What a script of tools/peers/scan prints. */
export function runPython(
  environment: 'scan' | 'scan-torch' | 'system',
  script: string,
  words: readonly string[],
  input = '',
): string {
  return execFileSync(pythonOf(environment), ['-B', '-X', 'utf8', join(scripts, script), ...words], {
    encoding: 'utf8',
    input,
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}
