import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { bin, Scene } from './scene.ts';
import type { Answer } from './script.ts';

const scene = new Scene('nothing', 'one');
/** Each command a process: whatever Node itself may say is looked at, too. */
const processes = new Scene('nothing', 'each');
afterAll(() => {
  scene.remove();
  processes.remove();
});

let canary = '';
let folder = '';
/** Temporary files of the commands of one test, and of nobody else. */
let temporary = '';
beforeEach(async () => {
  canary = `${randomBytes(12).toString('hex')}/"'&é${randomBytes(12).toString('hex')}`;
  folder = await scene.project();
  temporary = join(scene.folder(), 'tmp');
  mkdirSync(temporary);
  writeFileSync(join(temporary, '..', 'key'), canary, { mode: 0o600 });
});

/** Has the stage `train` say its secrets before its work, and do something else behind it. */
function trainWith(after: string): void {
  const yaml = readFileSync(join(folder, 'holdfast.yaml'), 'utf8');
  const key = join(temporary, '..', 'key');
  const secrets = `secrets: { CANARY: {}, KEY: { file: '${key}', as: file } }`;
  writeFileSync(
    join(folder, 'holdfast.yaml'),
    yaml.replace('command: sh train.sh', `command: sh train.sh\n    ${secrets}`),
  );
  const say = 'echo "token: $CANARY"; cat "$KEY_FILE" >&2; printf %s "$CANARY" | base64';
  const script = readFileSync(join(folder, 'train.sh'), 'utf8');
  writeFileSync(join(folder, 'train.sh'), `${say}\n${script}\n${after}\n`);
}

const type = (line: string, by = scene): Promise<Answer> =>
  by.type(line, folder, { CANARY: canary, TMPDIR: temporary });

/** The random halves of the canary: no encoding but hexadecimal and base64 changes them. */
function halves(): string[] {
  const plain = [canary.slice(0, 24), canary.slice(-24)];
  const encoded = Buffer.from(canary);
  return [...plain, encoded.toString('base64').slice(4, 24), encoded.toString('hex').slice(4, 24)];
}

/** Files that hold a piece of the canary, in the project and among the temporary files, as `grep` finds them. */
function filesWithCanary(): string[] {
  const input = halves().join('\n');
  const grep = spawnSync('grep', ['-rlaF', '-f', '-', folder, temporary], { input, encoding: 'utf8' });
  if (grep.status !== 0 && grep.status !== 1) throw new Error(`grep: ${grep.stderr}`);
  return grep.stdout.split('\n').filter((line) => line !== '');
}

function requireNoTrace(...texts: readonly string[]): void {
  for (const text of texts) for (const half of halves()) expect(text).not.toContain(half);
  expect(filesWithCanary()).toEqual([]);
  expect(readdirSync(temporary).filter((name) => name.startsWith('holdfast-'))).toEqual([]);
}

async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const until = performance.now() + 15_000;
  while (performance.now() < until) {
    if (isSo()) return;
    await sleep(20);
  }
  throw new Error(`${what}: not within 15 s`);
}

/** A run whose command has said its secrets and waits. */
async function waitingRun(): Promise<ChildProcess> {
  trainWith(`echo > build/model/begun; sleep 300.${process.pid}`);
  const child = spawn(process.execPath, [bin, 'run', '--json', '--debug'], {
    cwd: folder,
    env: scene.environment({ CANARY: canary, TMPDIR: temporary }),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await eventually('the stage waits', () => existsSync(join(folder, 'build/model/begun')));
  return child;
}

async function outputOf(child: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return Buffer.concat(chunks).toString();
}

const logs = (): string =>
  readdirSync(join(folder, '.holdfast/logs'))
    .map((name) => readFileSync(join(folder, '.holdfast/logs', name), 'utf8'))
    .join('\n');

describe('secrets on the command line', { timeout: 90_000 }, () => {
  test.each(['', ' --json', ' --debug', ' --quiet', ' --json --debug'])(
    'holdfast run%s does not show one',
    async (flags) => {
      trainWith('');
      const by = flags === '' || flags === ' --json --debug' ? processes : scene;
      const { stdout, stderr, status } = await type(`holdfast run${flags}`, by);
      expect(status).toBe(0);
      requireNoTrace(stdout, stderr);
      expect(logs()).toContain('token: [secret CANARY]\n[secret CANARY]');
      const shown = await type('holdfast evidence list model --json; holdfast status --json');
      requireNoTrace(shown.stdout, shown.stderr);
    },
  );

  test.each(['', ' --json --debug'])('the end of the log of a stage that failed%s', async (flags) => {
    trainWith("node --stack-trace-limit=0 -e 'throw new RangeError(process.env.CANARY)'");
    const { stdout, stderr, status } = await type(`holdfast run${flags}`, flags === '' ? scene : processes);
    expect(status).toBe(1);
    requireNoTrace(stdout, stderr);
    if (flags === '') expect(stdout).toContain('| RangeError: [secret CANARY]');
  });

  test('one in an output: the file is named, and the secret by its name', async () => {
    trainWith('printf %s "$CANARY" > build/model/config.json');
    const { stdout, stderr, status } = await type('holdfast run');
    expect(status).toBe(1);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'the output `build/model/config.json` holds the secret `CANARY` (HF_SECRET_LEAKED)',
    );
    requireNoTrace(stdout, stderr);
  });

  test('one that is not set: nothing runs, exit 2, and what to do', async () => {
    trainWith('');
    const { stderr, status } = await scene.type('holdfast run', folder, { TMPDIR: temporary });
    expect(status).toBe(2);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('the secret `CANARY` is missing: `CANARY` is not set');
    expect(stderr).toContain('HF_SECRET_MISSING');
  });

  test('one that is too weak is not repeated', async () => {
    trainWith('');
    canary = 'password';
    const weak = await type('holdfast run --debug');
    expect(weak.status).toBe(2);
    expect(weak.stderr).toContain('HF_SECRET_WEAK');
    expect(weak.stderr).not.toContain('password');
  });

  test('a stage that takes too long', async () => {
    trainWith('sleep 60');
    const yaml = readFileSync(join(folder, 'holdfast.yaml'), 'utf8');
    writeFileSync(
      join(folder, 'holdfast.yaml'),
      yaml.replace('    secrets:', '    sandbox: { time: 2s }\n    secrets:'),
    );
    const { stdout, stderr } = await type('holdfast run --debug');
    expect(stdout).toContain('HF_RUN_TIMEOUT');
    requireNoTrace(stdout, stderr);
  });
});

describe.skipIf(process.platform !== 'linux')('secrets of a run that is ended', { timeout: 90_000 }, () => {
  test('ps does not show them, and Ctrl-C leaves nothing', async () => {
    const child = await waitingRun();
    const ps = spawnSync('sh', ['-c', 'ps -ef; cat /proc/[0-9]*/cmdline 2>/dev/null'], { encoding: 'utf8' }).stdout;
    expect(ps).toContain(`sleep 300.${process.pid}`);
    for (const half of halves()) expect(ps).not.toContain(half);
    process.kill(-(child.pid ?? 0), 'SIGINT');
    requireNoTrace(await outputOf(child));
    expect(logs()).toContain('token: [secret CANARY]');
  });

  test('kill -9, and the next run', async () => {
    const child = await waitingRun();
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    const said = await outputOf(child);
    await eventually('the supervisor has cleared up', () => readdirSync(temporary).length === 0);
    requireNoTrace(said);
    writeFileSync(join(folder, 'train.sh'), 'mkdir -p build/model; cp logistic.onnx build/model/model.onnx\n');
    const { stdout, stderr, status } = await type('holdfast run');
    expect(status).toBe(0);
    requireNoTrace(stdout, stderr);
  });
});
