/**
 * What confinement costs: starting a command, training in it, and a file-heavy job beside `witness run --trace`, the
 * peer that records what a command reads by following its system calls. Alternating, in one process tree.
 *
 * The last part needs the peer, built once: `cd tools/peers/witness && go build -o ~/.cache/holdfast-peers/witness .`
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { bubblewrapIsolation, findToolchain, type IsolationRequest, requireSandbox } from '@holdfast/sandbox';
import { launch } from '@holdfast/sandbox/launch';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));

/** A folder of the temporary folder, gone afterwards. */
async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let runs = 0;

function requestIn(
  folder: string,
  argv: IsolationRequest['argv'],
  limits: IsolationRequest['limits'],
): IsolationRequest {
  const run = join(folder, `run-${++runs}`);
  const project = join(folder, 'project');
  for (const path of [project, run, join(run, 'staging'), join(run, 'home')])
    mkdirSync(path, { recursive: true, mode: 0o700 });
  return {
    ...{ runId: `bench-${process.pid}-${runs}`, argv, cwd: project, temporary: run, project, limits },
    ...{ staging: join(run, 'staging'), readable: [], writable: [], network: 'none', gpu: 'none' },
    environment: { HOME: join(run, 'home'), PATH: '/usr/bin:/bin', HOLDFAST_RUN: 'bench' },
  };
}

async function sandboxOf(toolchain: readonly string[], project: string, path?: string) {
  const { program, version } = await requireSandbox();
  const environment = path === undefined ? {} : { environment: { PATH: path } };
  const tools = await findToolchain({ names: toolchain, project, ...environment });
  return bubblewrapIsolation({ program, version, toolchain: tools });
}

/** Milliseconds from the request to the end of `/bin/true`, with all that is made for it. */
async function startRows(folder: string): Promise<BenchRow[]> {
  const isolation = await sandboxOf([], folder);
  const timed = async (work: () => Promise<unknown>): Promise<number> => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };
  const bare = { argv: ['/bin/true'] as [string], environment: {}, cwd: '/', enforcement: none };
  const cases = {
    bare: () => launch(bare),
    sandbox: async () => launch(await isolation.wrap(requestIn(folder, ['/bin/true'], {}))),
    'sandbox with control groups': async () =>
      launch(await isolation.wrap(requestIn(folder, ['/bin/true'], { memoryBytes: 2 ** 30, processCount: 64 }))),
  };
  const spent = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
  for (let round = -2; round < 31; round += 1) {
    for (const [name, work] of Object.entries(cases)) {
      const time = await timed(work);
      if (round >= 0) spent.get(name)?.push(time);
    }
  }
  const floor = median(spent.get('bare') ?? []);
  return [...spent].map(([what, times]) => ({
    'starting /bin/true, all that is made for a run included, median of 31': what,
    'median ms': rounded(median(times)),
    'over bare, ms': rounded(median(times) - floor),
    'goal ms': what === 'bare' ? '' : 20,
  }));
}

const none = { level: 'none', mechanism: 'none', enforced: {}, notEnforced: [] } as const;

const training = `
import numpy as np
from sklearn.ensemble import GradientBoostingClassifier
rng = np.random.default_rng(1)
x = rng.normal(size=(6000, 40)); y = (x[:, 0] * x[:, 1] + x[:, 2] > 0).astype(int)
GradientBoostingClassifier(n_estimators=60, random_state=1).fit(x, y)
`;

/** Wall and processor seconds of one training, as bash counts them. */
async function trainingRows(folder: string): Promise<BenchRow[]> {
  const bin = join(homedir(), '.cache/holdfast-peers/sklearn/bin');
  if (!existsSync(bin)) return [];
  const project = join(folder, 'project');
  const isolation = await sandboxOf(['python', 'bash'], project, `${bin}:/usr/bin:/bin`);
  const script = 'TIMEFORMAT="%R %U %S"; export OMP_NUM_THREADS=1; time python train.py';
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'train.py'), training);
  const argv: IsolationRequest['argv'] = ['/bin/bash', '-c', script];
  const bare = { argv, environment: { PATH: `${bin}:/usr/bin:/bin`, HOME: folder }, cwd: project, enforcement: none };
  const times = { bare: [] as number[][], sandbox: [] as number[][] };
  const read = (stderr: string): number[] => {
    const seconds = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
    if (seconds.length !== 3 || seconds.some(Number.isNaN)) throw new Error(stderr);
    return seconds;
  };
  for (let round = -1; round < 5; round += 1) {
    const request = { ...requestIn(folder, argv, {}), readable: [join(project, 'train.py')] };
    const order = round % 2 === 0 ? (['bare', 'sandbox'] as const) : (['sandbox', 'bare'] as const);
    for (const which of order) {
      const { code, stderr } = await launch(which === 'bare' ? bare : await isolation.wrap(request));
      if (code !== 0) throw new Error(stderr);
      if (round >= 0) times[which].push(read(stderr));
    }
  }
  const of = (which: keyof typeof times, at: number): number =>
    median(times[which].map((row) => row[at] ?? Number.NaN));
  const cpu = (which: keyof typeof times): number =>
    median(times[which].map(([, user = Number.NaN, system = Number.NaN]) => user + system));
  const ratios = times.sandbox.map((row, at) => {
    const [, user = Number.NaN, system = Number.NaN] = row;
    const [, bareUser = Number.NaN, bareSystem = Number.NaN] = times.bare[at] ?? [];
    return (user + system) / (bareUser + bareSystem);
  });
  return [
    {
      'training with scikit-learn on one thread, median of 5 pairs': 'sandbox beside bare',
      'bare, s': rounded(of('bare', 0), 2),
      'sandbox, s': rounded(of('sandbox', 0), 2),
      'bare CPU s': rounded(cpu('bare'), 2),
      'sandbox CPU s': rounded(cpu('sandbox'), 2),
      'CPU ratio, median of pairs': rounded(median(ratios), 3),
      'goal ratio': 1.02,
    },
  ];
}

const images = 3000;
const epochs = 60;

/** What a data loader does: every file, again and again. */
const loader = `import glob, os
names = sorted(glob.glob('images/*'))
total = 0
for epoch in range(${epochs}):
    for name in names:
        with open(name, 'rb') as file:
            total += len(file.read()) + os.stat(name).st_size
os.makedirs('build', exist_ok=True)
open('build/total.txt', 'w').write(str(total))
`;

const yaml = `project: loader
ledger: loader.example
stages:
  load:
    command: python3 load.py
    toolchain: [python3]
    inputs: [load.py, images]
    outputs: [build/total.txt]
`;

function fileRows(folder: string): BenchRow[] {
  const witness = join(homedir(), '.cache/holdfast-peers/witness');
  if (!existsSync(witness)) return [];
  const holdfast = join(root, 'packages/cli/bin/holdfast.js');
  const make = (name: string): string => {
    const project = join(folder, name);
    mkdirSync(join(project, 'images'), { recursive: true });
    for (let at = 0; at < images; at += 1) writeFileSync(join(project, 'images', `${at}.bin`), Buffer.alloc(8192, at));
    writeFileSync(join(project, 'load.py'), loader);
    return project;
  };
  const run = (program: string, words: readonly string[], cwd: string): number => {
    const began = performance.now();
    const { status, signal, stderr } = spawnSync(program, words, {
      ...{ cwd, stdio: ['ignore', 'ignore', 'pipe'] },
      maxBuffer: 2 ** 30,
    });
    if (status !== 0) throw new Error(`${program} ${words.join(' ')}: ${signal ?? ''} ${stderr.toString()}`);
    return performance.now() - began;
  };
  const [bare, traced, untraced, ours] = ['bare', 'traced', 'untraced', 'ours'].map(make) as [string, ...string[]];
  writeFileSync(join(ours ?? '', 'holdfast.yaml'), yaml);
  run(process.execPath, [holdfast, 'init', '--yes'], ours ?? '');
  const command = ['/usr/bin/python3', 'load.py'];
  const cases: Record<string, () => number> = {
    bare: () => run('/usr/bin/python3', ['load.py'], bare),
    'holdfast run': () => run(process.execPath, [holdfast, 'run', '--force'], ours ?? ''),
    'witness run': () => run(witness, [join(folder, 'out-1'), ...command], untraced ?? ''),
    'witness run --trace': () => run(witness, ['-trace', join(folder, 'out-2'), ...command], traced ?? ''),
  };
  const spent = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
  for (let round = -1; round < 3; round += 1) {
    for (const [name, work] of Object.entries(cases)) {
      const time = work();
      if (round >= 0) spent.get(name)?.push(time);
    }
  }
  const overhead = (name: string): number => median(spent.get(name) ?? []) - median(spent.get('bare') ?? []);
  return [...spent].map(([what, times]) => ({
    [`${images} files of 8 KiB read ${epochs} times; hashing, signing, ledger included; median of 3`]: what,
    s: rounded(median(times) / 1000, 2),
    'over bare, s': rounded(overhead(what) / 1000, 2),
    'times ours': what === 'bare' ? '' : rounded(overhead(what) / overhead('holdfast run'), 2),
  }));
}

/** Runs the benchmark: about four minutes. */
export async function run(): Promise<BenchResult> {
  return inFolder(async (folder) => ({
    name: 'sandbox',
    rows: [...(await startRows(folder)), ...(await trainingRows(folder)), ...fileRows(folder)],
  }));
}
