import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'vitest';
import type { CommandRequest } from '../src/execution/command.ts';
import { noIsolation } from '../src/execution/isolation.ts';

/** Skips where a part is missing, and fails instead where everything is required. */
export function needs(context: TestContext, isThere: boolean, what: string): void {
  if (isThere) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${what}`);
  context.skip(`needs ${what}`);
}

let counter = 0;

/** An id that no other test of any worker uses. */
export function newRunId(): string {
  return `test-${process.pid}-${counter++}`;
}

export function newProject(): string {
  return mkdtempSync(join(tmpdir(), 'holdfast-test-'));
}

export function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

export function requestIn(project: string, command: string, more: Partial<CommandRequest> = {}): CommandRequest {
  const runId = more.runId ?? newRunId();
  const log = join(project, '.holdfast/runs', runId, 'log');
  return { command, cwd: project, environment: {}, isolation: noIsolation, runId, log, graceMs: 300, ...more };
}

/** Pids whose `file` in /proc holds a text: another way than the code under test. */
export function pidsWith(file: 'environ' | 'cmdline', text: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    try {
      return readFileSync(`/proc/${name}/${file}`, 'latin1').includes(text) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Polls until something holds; false when it does not within the time. */
export async function eventually(holds: () => boolean, ms = 10_000): Promise<boolean> {
  const until = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/** Three outputs, one of them a folder with two files. */
export const outputs = ['single.txt', 'build/inner.txt', 'folder'];
const files = ['single.txt', 'build/inner.txt', 'folder/one', 'folder/two'];

export function writeGeneration(project: string, generation: string): void {
  for (const file of files) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), generation);
  }
}

/** What each file of the outputs holds, `-` for one that is not there. */
export function readGeneration(project: string): string {
  return files
    .map((file) => (existsSync(join(project, file)) ? readFileSync(join(project, file), 'utf8').trim() : '-'))
    .join(' ');
}

/** Writes every file of the outputs, slowly and each in two halves, with processes that do not want to end. */
export const slowCommand = [
  "trap '' TERM",
  '(setsid sh -c "trap \'\' TERM HUP; sleep 300" &)',
  'nohup sleep 301 >/dev/null 2>&1 &',
  'mkdir folder',
  ...files.map((file) => `printf n > ${file}; sleep 0.02; printf ew >> ${file}; sleep 0.01`),
].join('\n');
