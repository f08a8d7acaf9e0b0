import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bubblewrapIsolation, findToolchain, type Toolchain } from '@holdfast/sandbox';
import type { Isolation } from '../src/execution/isolation.ts';

/** A value that stands nowhere else in the world, with letters that every encoding writes in another way. */
export function newCanary(): string {
  return `${randomBytes(12).toString('base64url')}/'"&+ é%${randomBytes(6).toString('hex')}`;
}

/** Pieces of a canary, as they would stand in any of its encodings; none of them may be anywhere. */
function needlesOf(canary: string): string[] {
  const bytes = Buffer.from(canary);
  const base64 = [0, 1, 2].flatMap((offset) => {
    const form = Buffer.concat([Buffer.alloc(offset, 'x'), bytes]).toString('base64');
    const inner = form.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const whole = [...base64, bytes.toString('hex')];
  // halves of them, too: a canary of which the half is left was not taken out
  const halves = [...whole, canary].flatMap((form) => {
    const half = Math.floor(form.length / 2);
    return [form.slice(0, half), form.slice(-half)];
  });
  const texts = [
    JSON.stringify(canary).slice(1, -1),
    encodeURIComponent(canary),
    canary.slice(0, 16),
    canary.slice(-12),
  ];
  return [...new Set([...halves, ...texts])];
}

/** The pieces of a canary that a text holds, whatever white space stands in between. */
export function tracesIn(text: Uint8Array | string, canary: string): string[] {
  const plain = Buffer.from(text).toString('utf8');
  const squeezed = plain.replaceAll(/\s/g, '');
  return needlesOf(canary).filter(
    (needle) => plain.includes(needle) || squeezed.toLowerCase().includes(needle.replaceAll(' ', '').toLowerCase()),
  );
}

/** Files below some folders that hold a piece of a canary, as `grep` finds them. */
export function filesWith(canary: string, ...folders: readonly string[]): string[] {
  const patterns = needlesOf(canary).join('\n');
  const { stdout, status, stderr } = spawnSync('grep', ['-rlaiF', '-f', '-', '--', ...folders], {
    input: patterns,
    encoding: 'utf8',
    env: { LC_ALL: 'C', PATH: process.env['PATH'] },
  });
  if (status !== 0 && status !== 1) throw new Error(`grep: ${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Everything that `ps` shows everybody, and the command line of every process as it is. */
export function processList(): string {
  return spawnSync('sh', ['-c', 'ps -ef; cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "'], { encoding: 'utf8' })
    .stdout;
}

export const bubblewrap = '/usr/bin/bwrap';

let found: Promise<Toolchain> | undefined;

/** bubblewrap as the pipeline would use it, with a staging folder of the run's own. */
export async function sandboxOf(project: string): Promise<Isolation> {
  const version = spawnSync(bubblewrap, ['--version'], { encoding: 'utf8' }).stdout.trim().split(' ')[1] ?? '';
  // found only: recording what it is would read all of /usr
  found ??= findToolchain({ names: ['python3', 'node', 'xxd'], project });
  const toolchain = await found;
  const isolation = bubblewrapIsolation({ program: bubblewrap, version, toolchain });
  return {
    level: 'sandbox',
    wrap: (request) => {
      const run = join(project, '.holdfast/sandbox', request.runId);
      const staging = join(run, 'staging');
      mkdirSync(run, { recursive: true, mode: 0o700 });
      mkdirSync(staging, { mode: 0o700 });
      return isolation.wrap({ ...request, project, staging });
    },
  };
}
