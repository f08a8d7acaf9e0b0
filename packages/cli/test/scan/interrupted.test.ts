import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, onTestFinished, type TestContext, test } from 'vitest';
import { bin, Scene } from '../scene.ts';

const scene = new Scene();
afterAll(() => {
  scene.remove();
});

/** A folder of files that are long and take no room: hashing them takes as long as if they did. */
function longFolder(bytes: number): string {
  const folder = scene.folder();
  mkdirSync(join(folder, 'm'));
  for (const name of ['a.dat', 'b.dat', 'c.dat']) {
    writeFileSync(join(folder, 'm', name), '');
    truncateSync(join(folder, 'm', name), bytes);
  }
  return folder;
}

const endless = 2 ** 37;
let count = 0;

interface Surroundings {
  readonly env: Record<string, string>;
  readonly temporary: string;
  /** Processes of this scan, found by their environment. */
  processes(): number[];
}

function surroundings(): Surroundings {
  const temporary = scene.folder();
  const mark = `HOLDFAST_TEST_MARK=${process.pid}-${++count}`;
  const env = scene.environment({ TMPDIR: temporary, TERM: 'xterm', HOLDFAST_TEST_MARK: mark.split('=')[1] ?? '' });
  const isMarked = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
    } catch {
      return false;
    }
  };
  const processes = (): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && isMarked(name))
      .map(Number);
  onTestFinished(() => {
    for (const pid of processes()) process.kill(pid, 'SIGKILL');
  });
  return { env, temporary, processes };
}

async function eventually(what: string, isSo: () => boolean): Promise<void> {
  for (const until = performance.now() + 30_000; performance.now() < until; ) {
    if (isSo()) return;
    await sleep(20);
  }
  throw new Error(`${what}: not within 30 s`);
}

/** Nothing is left of a scan: no process, no temporary file, no half-written result. */
async function requireNothingLeft(around: Surroundings): Promise<void> {
  const { temporary, env } = around;
  await eventually('every process has ended', () => around.processes().length === 0);
  expect(readdirSync(temporary)).toEqual([]);
  const kept = join(env['HOME'] ?? '', '.cache', 'holdfast', 'scan');
  const results = spawnSync('find', [kept, '-type', 'f'], { encoding: 'utf8' }).stdout;
  expect(results).not.toMatch(/tmp|partial/);
}

/** A terminal of 100 columns; `stop` presses Ctrl-C once the output has it. Prints the output, then how it ended. */
const inTerminal = `
import os, pty, sys, struct, fcntl, termios, json
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[2], sys.argv[2:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))
seen, pressed = b'', False
while True:
    try: piece = os.read(fd, 65536)
    except OSError: break
    if not piece: break
    seen += piece
    if not pressed and sys.argv[1].encode() in seen:
        pressed = True
        os.write(fd, b'\\x03')
status = os.waitpid(pid, 0)[1]
print(json.dumps({'text': seen.decode('utf8', 'replace'), 'exit': os.waitstatus_to_exitcode(status)}))
`;

function needsPython(context: TestContext): void {
  if (spawnSync('python3', ['--version']).status === 0) return;
  if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs python3');
  context.skip('needs python3');
}

describe.skipIf(process.platform !== 'linux')('a scan of a big folder', { timeout: 120_000 }, () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('that is sent %s leaves nothing behind', async (signal) => {
    const around = surroundings();
    const options = { cwd: longFolder(endless), env: around.env, stdio: 'ignore', detached: true } as const;
    const child = spawn(process.execPath, [bin, 'scan', 'm'], options);
    // The launcher, the command and at least one process that scans.
    await eventually('it scans', () => around.processes().length >= 3);
    process.kill(-(child.pid ?? 0), signal);
    expect(await once(child, 'exit')).toEqual([3, null]);
    await requireNothingLeft(around);
  });

  test('shows bytes and time left in a terminal, until Ctrl-C', async (context) => {
    needsPython(context);
    const around = surroundings();
    const words = [' left', process.execPath, bin, 'scan', 'm'];
    const child = spawn('python3', ['-c', inTerminal, ...words], { cwd: longFolder(endless), env: around.env });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    await once(child, 'close');
    const { text, exit } = JSON.parse(Buffer.concat(pieces).toString()) as { text: string; exit: number };
    expect(text).toMatch(/\r\u001b\[2K[\d.]+ [kMG]?B of 412 GB {3}0 of 3 files {3}\S+ (s|min|h)\b.* left/);
    expect(exit).toBe(3);
    expect(text).toContain('HF_SCAN_INTERRUPTED');
    await requireNothingLeft(around);
  });

  test('shows nothing of it in a pipe', async () => {
    const { stdout, stderr, status } = await scene.type('holdfast scan --no-cache m', longFolder(2 ** 29));
    expect(stderr).toBe('');
    expect(stdout).toContain('3 unknown');
    expect(stdout).not.toMatch(/\r|\u001b| left/);
    expect(status).toBe(3);
  });
});
