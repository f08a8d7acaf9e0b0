import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { bin, Scene } from '../scene.ts';

const scene = new Scene('nothing', 'one');
afterAll(() => {
  scene.remove();
});

const corpus = join(import.meta.dirname, '../../../trials/corpus');
const line = 'holdfast trial robustness model.onnx --data digits.npz --norm linf --epsilon 0.1 --rows 130';

function folderWithModel(): string {
  const folder = scene.folder();
  cpSync(join(corpus, 'models/digits-mlp.trace-11.onnx'), join(folder, 'model.onnx'));
  cpSync(join(corpus, 'data/digits-test.npz'), join(folder, 'digits.npz'));
  return folder;
}

const filesOf = (folder: string): Record<string, Buffer> =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));

/** What an uninterrupted trial writes. */
let whole: Record<string, Buffer>;
beforeAll(async () => {
  const folder = folderWithModel();
  const { status, stdout } = await scene.type(`${line} --output out`, folder);
  expect([status, stdout]).toEqual([0, expect.stringContaining('wrote out: report.json, adversarial.npz')]);
  for (const text of stdout.split('\n')) expect(Array.from(text).length, text).toBeLessThanOrEqual(80);
  whole = filesOf(join(folder, 'out'));
  expect(Object.keys(whole).sort()).toEqual(['adversarial.npz', 'adversarial.png', 'report.json', 'robustness.html']);
}, 120_000);

/** Begins a trial, and waits until it has kept so many units of work. */
async function begun(folder: string, output: string, units: number): Promise<ChildProcess> {
  const words = [...line.split(' ').slice(1), ...(output === '' ? [] : ['--output', output])];
  const child = spawn(process.execPath, [bin, ...words], {
    ...{ cwd: folder, env: scene.environment(), detached: true },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
  });
  const until = performance.now() + 60_000;
  while (keptIn(join(folder, output)) < units) {
    if (performance.now() > until) throw new Error('it does not begin');
    await sleep(5);
  }
  return child;
}

function keptIn(folder: string): number {
  const [name] = existsSync(folder) ? readdirSync(folder).filter((each) => each.startsWith('unfinished-')) : [];
  return name === undefined ? 0 : readFileSync(join(folder, name), 'utf8').split('\n').length - 2;
}

describe('a trial', { timeout: 120_000 }, () => {
  test('that was killed goes on, and comes to the same bytes', async () => {
    const folder = folderWithModel();
    const child = await begun(folder, 'out', 20);
    process.kill(-child.pid!, 'SIGKILL');
    await once(child, 'close');
    expect(readdirSync(join(folder, 'out'))).toEqual([expect.stringMatching(/^unfinished-[0-9a-f]{16}\.jsonl$/)]);
    const kept = keptIn(join(folder, 'out'));
    expect(kept).toBeGreaterThanOrEqual(20);
    expect((await scene.type(`${line} --output out`, folder)).status).toBe(0);
    expect(filesOf(join(folder, 'out'))).toEqual(whole);
  });

  test('that is interrupted says what it has, knows nothing, and goes on', async () => {
    const folder = folderWithModel();
    mkdirSync(join(folder, '.holdfast'));
    const words = `${line} --json`.split(' ').slice(1);
    const child = spawn(process.execPath, [bin, ...words], {
      ...{ cwd: folder, env: scene.environment(), detached: true },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const cache = join(folder, '.holdfast/cache/trials');
    while (keptIn(cache) < 20) await sleep(5);
    process.kill(-child.pid!, 'SIGINT');
    const [status] = (await once(child, 'close')) as [number];
    const { exit, result } = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    expect([status, exit]).toEqual([3, 3]);
    expect(result).toMatchObject({ verdict: 'unknown', coverage: { examined: 64, total: 130 } });
    expect(keptIn(cache)).toBeGreaterThanOrEqual(20);
    const again = await scene.type(`${line} --json`, folder);
    expect((JSON.parse(again.stdout) as { result: unknown }).result).toEqual(
      (JSON.parse(whole['report.json']!.toString()) as { report: unknown }).report,
    );
    expect(readdirSync(cache)).toEqual([]);
  });

  test('in shards is merged to the same bytes; what does not fit together is refused', async () => {
    const folder = folderWithModel();
    for (const index of [1, 2]) {
      const { status, stdout } = await scene.type(`${line} --shard ${index}/2 --output part${index}`, folder);
      expect([status, stdout]).toEqual([0, expect.stringContaining(`this is shard ${index}/2`)]);
    }
    expect((await scene.type('holdfast trial merge part2 part1 --output out', folder)).status).toBe(0);
    expect(filesOf(join(folder, 'out'))).toEqual(whole);
    cpSync(join(folder, 'part2'), join(folder, 'other'), { recursive: true });
    const report = readFileSync(join(folder, 'part2/report.json'), 'utf8');
    writeFileSync(join(folder, 'other/report.json'), report.replaceAll(/"seed": "0"/g, '"seed": "1"'));
    const refusals = { part1: 'MISSING', 'part1 part1': 'TWICE', 'part1 other': 'FOREIGN' };
    for (const [folders, code] of Object.entries(refusals)) {
      const { status, stderr } = await scene.type(`holdfast trial merge ${folders}`, folder);
      expect([status, stderr]).toEqual([2, expect.stringContaining(`HF_TRIALS_SHARD_${code}`)]);
    }
    const { status, stderr } = await scene.type('holdfast trial merge .', folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining('HF_TRIALS_REPORT')]);
  });

  test('with a full disk says so, keeps what it has, and goes on with space', async (context) => {
    const folder = folderWithModel();
    const out = join(folder, 'out');
    mkdirSync(out);
    const mount = (...options: string[]) => spawnSync('mount', [...options, out]).status;
    // three pages of memory hold the first attacks, and no more
    if (
      process.platform !== 'linux' ||
      process.getuid?.() !== 0 ||
      mount('-t', 'tmpfs', '-o', 'size=12k', 'tmpfs') !== 0
    ) {
      if (process.env['HOLDFAST_REQUIRE'] === 'all') throw new Error('needs root, to mount a small file system');
      context.skip('needs root');
    }
    try {
      const { status, stderr } = await scene.type(`${line} --output out`, folder);
      expect([status, stderr]).toEqual([3, expect.stringContaining('HF_TRIALS_OUTPUT')]);
      expect(stderr).toContain('ENOSPC');
      expect(keptIn(out)).toBeGreaterThan(0);
      expect(mount('-o', 'remount,size=8m')).toBe(0);
      expect((await scene.type(`${line} --output out`, folder)).status).toBe(0);
      expect(filesOf(out)).toEqual(whole);
    } finally {
      spawnSync('umount', [out]);
    }
  });

  test('of a file of ten gigabytes is refused before it is read', async () => {
    const folder = folderWithModel();
    truncateSync(join(folder, 'model.onnx'), 10 * 2 ** 30);
    const { status, stderr } = await scene.type(line, folder);
    expect([status, stderr]).toEqual([2, expect.stringContaining('HF_TRIALS_MODEL')]);
  });
});
