import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';
import { canBecomeNobody, nobody } from './run-escapes.ts';
import { needsBubblewrap } from './scene.ts';
import { readTrace, straceOptions } from './strace-log.ts';
import type { Outcome, StageOutcome } from './strace-runner.ts';

/** numpy, scikit-learn and joblib: tools/peers/requirements-onnx.txt. */
const environment = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache', 'holdfast-peers'), 'onnx');

function needs(context: TestContext, ...paths: string[]): void {
  needsBubblewrap(context);
  const missing = paths.find((path) => !existsSync(path));
  if (missing === undefined) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error(`needs ${missing}`);
  context.skip(`needs ${missing}`);
}

async function runStages(become: readonly string[], path: string, ...options: string[]): Promise<Outcome> {
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const argv = [...become, process.execPath, ...flags, join(import.meta.dirname, 'strace-runner.ts'), ...options];
  const [program = '', ...rest] = argv;
  const limits = { env: { PATH: path, HOME: become.length === 0 ? homedir() : tmpdir() }, maxBuffer: 1 << 28 };
  const { stdout } = await promisify(execFile)(program, rest, limits);
  return JSON.parse(stdout) as Outcome;
}

/** For people: `build/strace-USER.txt`, what stands for each file that each stage read. */
function report(user: string, stages: readonly StageOutcome[]): void {
  const lines = stages.flatMap(({ name, language, files, unaccounted }) => [
    `${language}: ${name}: ${Object.keys(files).length} files, ${unaccounted.length} that nothing stands for`,
    ...unaccounted.map((path) => `  ${'NOTHING'.padEnd(24)} ${path}`),
    ...Object.entries(files).map(([path, part]) => `  ${part.padEnd(24)} ${path}`),
  ]);
  const folder = join(import.meta.dirname, '../../../build');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `strace-${user}.txt`), lines.map((line) => `${line}\n`).join(''));
}

function expectAccounted({ stages, smuggled }: Outcome): void {
  for (const { name, code, stderr, unaccounted, unseen, changed, missed } of stages) {
    expect({ name, code, stderr: code === 0 ? '' : stderr }).toEqual({ name, code: 0, stderr: '' });
    expect({ name, unaccounted, unseen, changed }).toEqual({ name, unaccounted: [], unseen: [], changed: [] });
    // the check can fail: without any single part of the record it does
    expect(Object.keys(missed).length).toBeGreaterThanOrEqual(4);
    for (const [part, count] of Object.entries(missed)) expect({ name, part, count }).not.toMatchObject({ count: 0 });
  }
  expect(smuggled).toEqual([expect.stringMatching(/\/outside\/leak\/module\.py$/)]);
}

describe('every file that a stage is seen to read is recorded', () => {
  const programs = ['/usr/bin/strace', '/usr/bin/python3', '/usr/bin/openssl'];

  it('of ten Python and five Node.js stages and more', { timeout: 600_000 }, async (context) => {
    needs(context, ...programs, environment);
    const outcome = await runStages([], process.env['PATH'] ?? '', environment, 'packages');
    report('self', outcome.stages);
    const count = (language: string): number => outcome.stages.filter((stage) => stage.language === language).length;
    expect(count('python')).toBeGreaterThanOrEqual(10);
    expect(count('node')).toBeGreaterThanOrEqual(5);
    const seen = new Set(outcome.stages.flatMap(({ files }) => Object.keys(files)));
    expect(seen.size).toBeGreaterThan(1000);
    expectAccounted(outcome);
  });

  // whoever is not root has tried it as an ordinary user already
  if (process.getuid?.() === 0) {
    it('as nobody, with the Python of the system', { timeout: 600_000 }, async (context) => {
      needs(context, ...programs);
      if (!(await canBecomeNobody())) context.skip('needs setpriv');
      const outcome = await runStages(nobody, '/usr/bin:/bin', '-');
      report('nobody', outcome.stages);
      expect(outcome.stages.length).toBeGreaterThanOrEqual(14);
      expectAccounted(outcome);
    });
  }
});

describe('readTrace', () => {
  const start =
    '1 execve("/usr/bin/bwrap", ["bwrap"], 0x1 /* 1 var */) = 0\n2 execve("/bin/sh", ["sh"], 0x1 /* 1 var */) = 0\n';
  const read = (...lines: string[]) => readTrace(`${start}${lines.join('\n')}\n`, '/bin/sh');

  // written by strace 6.1
  it.each([
    [
      'an open file',
      '2 openat(AT_FDCWD</project>, "data/x", O_RDONLY|O_CLOEXEC) = 3</project/data/x>',
      '/project/data/x',
    ],
    ['a file through a link', '2 openat(AT_FDCWD</p>, "/lib/x", O_RDONLY) = 3</usr/lib/x>', '/usr/lib/x'],
    ['a file below an open folder', '2 openat(5</p>, "x", O_RDONLY) = 3</p/x>', '/p/x'],
    ['a file to read and write', '2 openat(AT_FDCWD</p>, "x", O_RDWR) = 3</p/x>', '/p/x'],
    ['the oldest call', '2 open("/p/x", O_RDONLY)              = 3</p/x>', '/p/x'],
    ['the newest call', '2 openat2(AT_FDCWD</p>, "x", {flags=O_RDONLY|O_PATH, resolve=0}, 24) = 3</p/x>', '/p/x'],
    ['a name that is not ASCII', '2 openat(AT_FDCWD</p>, "\\303\\251 \\"", O_RDONLY) = 3</p/\\303\\251 ">', '/p/é "'],
    ['a program', '2 execve("/p/x", ["x"], 0x1 /* 1 var */) = 0', '/p/x'],
    ['a program by its descriptor', '2 execveat(3</p/x>, "", ["x"], 0x1 /* 1 var */, AT_EMPTY_PATH) = 0', '/p/x'],
    ['a program below a folder', '2 execveat(3</p>, "x", ["x"], 0x1 /* 1 var */, 0) = 0', '/p/x'],
  ])('sees %s', (_, line, expected) => {
    expect(read(line).reads.at(-1)?.path).toBe(expected);
  });

  it('sees a call that another process interrupts, and one of a process that came later', () => {
    const { reads } = read(
      '2 openat(AT_FDCWD</p>, "x", O_RDONLY <unfinished ...>',
      '7 openat(AT_FDCWD</p>, "y", O_RDONLY) = 3</p/y>',
      '2 <... openat resumed>)              = 3</p/x>',
    );
    expect(reads.map(({ path }) => path)).toEqual(['/bin/sh', '/p/y', '/p/x']);
  });

  it('passes over what fails, what only writes, what sets up the sandbox, and what is no call', () => {
    const { reads, created } = read(
      '2 openat(AT_FDCWD</p>, "x", O_RDONLY) = -1 ENOENT (No such file or directory)',
      '2 openat(AT_FDCWD</p>, "y", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 3</p/y>',
      '1 openat(AT_FDCWD</p>, "z", O_RDONLY) = 3</p/z>',
      '2 rename("/p/y", "/p/z") = 0',
      '2 renameat2(AT_FDCWD</p>, "not-mine", AT_FDCWD</p>, "input", 0) = 0',
      '2 mkdirat(AT_FDCWD</p>, "new", 0777) = 0',
      '--- SIGCHLD {si_signo=SIGCHLD} ---'.replace(/^/, '2 '),
      '2 +++ exited with 0 +++',
    );
    expect(reads.map(({ path }) => path)).toEqual(['/bin/sh']);
    expect([...created]).toEqual(['/p/y', '/p/z', '/p/new']);
  });

  it.each([
    ['a line of another shape', '2 something else'],
    ['a call without a result', '2 openat(AT_FDCWD</p>, "x", O_RDONLY'],
    ['a file whose path strace does not know', '2 openat(AT_FDCWD</p>, "x", O_RDONLY) = 3'],
    ['a file by a handle', '2 open_by_handle_at(3</p>, {handle_bytes=8}, O_RDONLY) = 4</p/x>'],
    ['a program by a descriptor without a path', '2 execveat(3, "", ["x"], 0x1 /* 1 var */, AT_EMPTY_PATH) = 0'],
  ])('does not pass over %s', (_, line) => {
    expect(() => read(line)).toThrow('not understood');
  });

  it('wants to see the program start', () => {
    expect(() => readTrace('1 execve("/usr/bin/bwrap", ["bwrap"], 0x1) = 0\n', '/bin/sh')).toThrow('was not started');
    expect(straceOptions.join(' ')).toContain('?openat2');
  });
});
