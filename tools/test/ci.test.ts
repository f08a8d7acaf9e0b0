import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { root } from '../repository.ts';

beforeEach((context) => {
  if (process.platform === 'linux') return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs Linux');
  context.skip('needs Linux');
});

/** Runs .ci/run in a repository without peers, where `npm run check`, `test` and `test:long` do what is said here. */
function ci(
  check: string,
  suite: string,
  long = 'echo "5 passed, 0 failed"',
): { status: number | null; lastLine: string | undefined; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-ci-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  cpSync(join(root, '.ci'), join(folder, '.ci'), { recursive: true });
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'tools', 'peers'), { recursive: true });
  mkdirSync(join(folder, 'peers', 'none'), { recursive: true });
  writeFileSync(join(folder, 'tools', 'peers', 'requirements-none.txt'), '');
  const digest = spawnSync('sha256sum', { input: '', encoding: 'utf8' }).stdout;
  writeFileSync(join(folder, 'peers', 'none', '.requirements'), digest);
  const npm = `#!/bin/sh\ncase "$*" in *check) ${check} ;; *test) ${suite} ;; *test:long*) ${long} ;; esac\n`;
  writeFileSync(join(folder, 'bin', 'npm'), npm);
  chmodSync(join(folder, 'bin', 'npm'), 0o755);
  const env = {
    ...process.env,
    PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
    HOLDFAST_PEERS: join(folder, 'peers'),
  };
  const { status, stdout } = spawnSync(join(folder, '.ci', 'run'), { cwd: tmpdir(), env, encoding: 'utf8' });
  return { status, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) };
}

test('ends with how many tests passed, and runs them so that none may be skipped', () => {
  const { status, lastLine, stdout } = ci(
    'echo checked',
    'echo "suite=$HOLDFAST_REQUIRE"; echo "12 passed, 0 failed"',
    'echo "long=$HOLDFAST_REQUIRE"; echo "3 passed, 0 failed"',
  );
  expect(stdout).toMatch(/checked[^]*suite=all[^]*long=all/);
  expect([status, lastLine]).toEqual([0, '15 passed, 0 failed']);
});

const passes = 'echo "12 passed, 0 failed"';
test.each([
  ['the check fails', 'exit 1', passes, passes, '0 passed, 1 failed'],
  ['a test fails', ':', 'echo "10 passed, 2 failed"; echo npm error; exit 1', passes, '22 passed, 2 failed'],
  ['a long test fails', ':', passes, 'echo "10 passed, 2 failed"; exit 1', '22 passed, 2 failed'],
  [
    'tests of both fail',
    ':',
    'echo "1 passed, 20 failed"; exit 1',
    'echo "0 passed, 3 failed"; exit 1',
    '1 passed, 23 failed',
  ],
  ['the suite does not end', ':', 'kill -9 $$', passes, '12 passed, 1 failed'],
  ['the long suite does not end', ':', passes, 'kill -9 $$', '12 passed, 1 failed'],
  ['all ends meanwhile', ':', passes, 'kill -15 $PPID; sleep 1', '12 passed, 1 failed'],
  ['the suite says nothing', ':', ':', passes, '12 passed, 1 failed'],
  ['the long suite says nothing', ':', passes, ':', '12 passed, 1 failed'],
  ['nothing was tested', ':', 'echo "0 passed, 0 failed"', passes, '12 passed, 1 failed'],
  [
    'the suite says that nothing failed, and fails',
    ':',
    'echo "3 passed, 0 failed"; exit 1',
    passes,
    '12 passed, 1 failed',
  ],
  ['the suite says that a test failed, and does not', ':', 'echo "3 passed, 1 failed"', passes, '15 passed, 1 failed'],
])('fails, with a last line that says so, when %s', (_, check, suite, long, line) => {
  const { status, lastLine } = ci(check, suite, long);
  expect(status).not.toBe(0);
  expect(lastLine).toBe(line);
});

test('runs long tests that are there', () => {
  const script = readFileSync(join(root, '.ci', 'run'), 'utf8');
  const files = script.match(/\S+\.long\.test\.ts/g) ?? [];
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
