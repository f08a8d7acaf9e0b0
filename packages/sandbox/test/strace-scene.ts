import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, type TestContext } from 'vitest';
import { needsBubblewrap } from './scene.ts';
import type { Outcome, StageOutcome } from './strace-runner.ts';

/** numpy, scikit-learn and joblib: tools/peers/requirements-onnx.txt. */
export const environment = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers'), 'onnx');

/** Skips without bubblewrap or one of the paths. */
export function needs(context: TestContext, ...paths: string[]): void {
  needsBubblewrap(context);
  const missing = paths.find((path) => !existsSync(path));
  if (missing === undefined) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${missing}`);
  context.skip(`needs ${missing}`);
}

/** Runs the stages under strace, as somebody. */
export async function runStages(become: readonly string[], path: string, ...options: string[]): Promise<Outcome> {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const argv = [...become, process.execPath, ...flags, join(import.meta.dirname, 'strace-runner.ts'), ...options];
  const [program = '', ...rest] = argv;
  const limits = { env: { PATH: path, HOME: become.length === 0 ? homedir() : tmpdir() }, maxBuffer: 1 << 28 };
  const { stdout } = await promisify(execFile)(program, rest, limits);
  return JSON.parse(stdout) as Outcome;
}

/** For people: `build/strace-USER.txt`, what stands for each file that each stage read. */
export function report(user: string, stages: readonly StageOutcome[]): void {
  const lines = stages.flatMap(({ name, language, files, unaccounted }) => [
    `${language}: ${name}: ${Object.keys(files).length} files, ${unaccounted.length} that nothing stands for`,
    ...unaccounted.map((path) => `  ${'NOTHING'.padEnd(24)} ${path}`),
    ...Object.entries(files).map(([path, part]) => `  ${part.padEnd(24)} ${path}`),
  ]);
  const folder = join(import.meta.dirname, '../../../build');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `strace-${user}.txt`), lines.map((line) => `${line}\n`).join(''));
}

/** Everything that was read is in the record, and the record can lack nothing without being noticed. */
export function expectAccounted({ stages, smuggled }: Outcome): void {
  for (const { name, code, stderr, unaccounted, unseen, changed, missed } of stages) {
    expect({ name, code, stderr: code === 0 ? '' : stderr }).toEqual({ name, code: 0, stderr: '' });
    expect({ name, unaccounted, unseen, changed }).toEqual({ name, unaccounted: [], unseen: [], changed: [] });
    // the check can fail: without any single part of the record it does
    expect(Object.keys(missed).length).toBeGreaterThanOrEqual(4);
    for (const [part, count] of Object.entries(missed)) expect({ name, part, count }).not.toMatchObject({ count: 0 });
  }
  expect(smuggled).toEqual([expect.stringMatching(/\/outside\/leak\/module\.py$/)]);
}

export const programs = ['/usr/bin/strace', '/usr/bin/python3', '/usr/bin/openssl'];
