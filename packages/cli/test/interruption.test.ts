import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { bin, needsBubblewrap, Scene } from './scene.ts';
import { treeOf } from './tree.ts';

/** What is interrupted has processes of its own; what is typed before and afterwards has not. */
const scenes = { nothing: new Scene('nothing', 'one'), sandbox: new Scene('sandbox', 'one') };
afterAll(() => {
  for (const scene of Object.values(scenes)) scene.remove();
});

/** Processes whose command line holds a word that only this test uses. */
function processesWith(word: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(word);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function eventually(what: string, isSo: () => boolean): Promise<void> {
  const until = performance.now() + 15_000;
  while (performance.now() < until) {
    if (isSo()) return;
    await sleep(20);
  }
  throw new Error(`${what}: not within 15 s`);
}

let count = 0;

interface Slow {
  readonly scene: Scene;
  readonly folder: string;
  /** What its processes are found by. */
  readonly word: string;
  readonly child: ChildProcess;
  readonly before: Readonly<Record<string, string>>;
}

/** A run whose training has begun to write, and would go on for a long time, with a child of its own. */
async function slowRun(scene: Scene): Promise<Slow> {
  const folder = await scene.project();
  const before = treeOf(join(folder, 'build'));
  const word = `31415.${process.pid}${++count}`;
  const script = readFileSync(join(folder, 'train.sh'), 'utf8');
  writeFileSync(join(folder, 'train.sh'), `${script}touch build/model/begun\nsleep ${word} &\nsleep ${word}\n`);
  // a group of its own, as a shell would give it
  const child = spawn(process.execPath, [bin, 'run', '--json'], {
    cwd: folder,
    env: scene.environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  onTestFinished(() => {
    for (const pid of processesWith(word)) process.kill(pid, 'SIGKILL');
  });
  await eventually('the stage writes', () => begunIn(folder));
  await eventually('the stage waits', () => processesWith(`sleep\0${word}`).length === 2);
  writeFileSync(join(folder, 'train.sh'), script);
  return { scene, folder, word, child, before };
}

/** Where the stage writes: in its place, or where the sandbox has it write. */
function begunIn(folder: string): boolean {
  const runs = join(folder, '.holdfast/runs');
  const stagings = existsSync(runs) ? readdirSync(runs).map((name) => join(runs, name, 'staging')) : [];
  return [folder, ...stagings].some((place) => existsSync(join(place, 'build/model/begun')));
}

/** What a machine keeps of a run beside its processes. */
function leftOf(folder: string): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const runs = readdirSync(join(folder, '.holdfast/runs')).filter((name) => !name.startsWith('lock'));
  const files = runs.flatMap((name) => readdirSync(join(folder, '.holdfast/runs', name)));
  const temporary = readdirSync(scenes.nothing.environment()['TMPDIR'] ?? '/tmp').filter((name) =>
    runs.some((run) => name === `holdfast-${run}`),
  );
  return [
    ...mounts.filter((line) => line.includes(folder)),
    ...files.filter((name) => name !== 'failed'),
    ...temporary,
  ];
}

async function outputOf({ child }: Slow): Promise<{ stdout: string; status: number | null }> {
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  return { stdout: Buffer.concat(chunks).toString(), status };
}

/** No process is left, the outputs are the old ones, and the next run has nothing to mend. */
async function requireAftermath({ scene, folder, word, before }: Slow): Promise<void> {
  await eventually('every process has ended', () => processesWith(word).length === 0);
  await eventually('the outputs are back', () => !begunIn(folder));
  expect(treeOf(join(folder, 'build'))).toEqual(before);
  const { stdout, stderr, status } = await scene.type('holdfast run', folder);
  expect(stderr).toBe('');
  expect(stdout).toContain('nothing new to sign');
  expect(status).toBe(0);
  expect(leftOf(folder)).toEqual([]);
}

const confinements = ['nothing', 'sandbox'] as const;
describe.skipIf(process.platform !== 'linux')('a run that is interrupted', { timeout: 90_000 }, () => {
  describe.each(confinements)('confined by %s', (confinement) => {
    beforeEach((context) => {
      if (confinement === 'sandbox') needsBubblewrap(context);
    });
    const start = (): Promise<Slow> => slowRun(scenes[confinement]);
    test('Ctrl-C: the signal goes to the whole group', async () => {
      const slow = await start();
      process.kill(-(slow.child.pid ?? 0), 'SIGINT');
      const { stdout, status } = await outputOf(slow);
      expect(JSON.parse(stdout)).toMatchObject({ ok: false, exit: 3, error: { code: 'HF_RUN_INTERRUPTED' } });
      expect(status).toBe(3);
      await requireAftermath(slow);
    });

    test('the signal goes to the process alone', async () => {
      const slow = await start();
      slow.child.kill('SIGTERM');
      const { stdout, status } = await outputOf(slow);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'HF_RUN_INTERRUPTED' } });
      expect(status).toBe(3);
      await requireAftermath(slow);
    });

    test('kill -9', async () => {
      const slow = await start();
      slow.child.kill('SIGKILL');
      await outputOf(slow);
      await requireAftermath(slow);
    });

    test('kill -9 of the whole group', async () => {
      const slow = await start();
      process.kill(-(slow.child.pid ?? 0), 'SIGKILL');
      await outputOf(slow);
      await requireAftermath(slow);
    });

    test('two runs at once: the second one steps back', async () => {
      const slow = await start();
      const { stderr, status } = await slow.scene.type('holdfast run', slow.folder);
      expect(stderr).toMatch(/another run of .*is going on\s+\(process\s+`\d+`\)/s);
      expect(stderr).toContain('HF_RUN_IN_PROGRESS');
      expect(status).toBe(3);
      slow.child.kill('SIGINT');
      await outputOf(slow);
      await requireAftermath(slow);
    });
  });
});
