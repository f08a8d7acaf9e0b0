/**
 * Gradients and attacks beside PyTorch and ART: the same ONNX file, the same rows, one thread each. A process for each
 * measurement, ours and theirs alternating; each takes the median of ten within it, and the table the median of rounds.
 * `npm run bench -- trials`: about six minutes. The peers: tools/peers/requirements-trials.txt.
 *
 * The floor of a gradient is one forward pass and the two products of its backward pass: about three forward passes.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

const python = join(
  process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'),
  'trials',
  'bin',
  'python',
);
const corpus = join(root, 'packages/trials/corpus');
const rounds = 3;
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

/** What a process measured: seconds, and bytes of its peak. */
interface Measured {
  readonly seconds: number;
  readonly peakMemory: number;
  /** Rows that withstood, of those that were right. */
  readonly robust?: number;
  readonly forward?: number;
  /** Seconds from the start of the process to the first gradient, or to the first adversarial example. */
  readonly firstAt?: number;
}

const ours = `
const [file, data, what, rows] = process.argv.slice(-4);
const { readFile } = await import('node:fs/promises');
const { readSamples } = await import('@holdfast/dataset');
const { openVictim, projectedGradient } = await import('@holdfast/trials');
const { randomOf } = await import('@holdfast/statistics');
const read = await readSamples(data);
const victim = await openVictim(await readFile(file), { threads: 1 });
const count = Math.min(Number(rows), read.labels.length);
const [x, labels] = [read.values.slice(0, count * victim.size), read.labels.slice(0, count)];
const middle = async (work) => {
  const taken = [];
  await work();
  const firstAt = performance.now() / 1000;
  for (let round = 0; round < 10; round += 1) {
    const began = performance.now();
    await work();
    taken.push((performance.now() - began) / 1000);
  }
  return [taken.sort((a, b) => a - b)[5], firstAt];
};
const result = {};
if (what === 'gradient') {
  [result.seconds, result.firstAt] = await middle(() => victim.lossGradient(x, labels, 'cross-entropy'));
  [result.forward] = await middle(() => victim.logits(x));
} else {
  const threat = { ball: { norm: 'linf', epsilon: 0.1 }, bounds: { low: 0, high: 1 } };
  const attack = async (x, labels, steps) => projectedGradient({ steps, stepSize: 0.0125 })(victim, { x, labels }, threat, randomOf(1));
  if (what === 'first') {
    const found = await victim.classify(await attack(x, labels, 10));
    if (found.every((label, row) => label === labels[row])) throw new Error('no adversarial example');
    result.firstAt = performance.now() / 1000;
  } else {
    const began = performance.now();
    const clean = await victim.classify(x);
    const changed = await victim.classify(await attack(x, labels, 40));
    result.seconds = (performance.now() - began) / 1000;
    result.robust = changed.filter((label, row) => label === labels[row]).length / clean.filter((label, row) => label === labels[row]).length;
  }
}
result.peakMemory = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify(result));
`;

function spawned(program: string, words: readonly string[]): Measured {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ended with ${String(status)}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
}

const byUs = (file: string, data: string, what: string, rows: number): Measured =>
  spawned(process.execPath, ['--input-type=module', '-e', ours, file, data, what, String(rows)]);

function byPeer(file: string, data: string, attack: string, rows: number): Measured {
  const words = ['--data', data, '--attack', attack, '--rows', String(rows), '--eps', '0.1', '--threads', '1'];
  const found = spawned(python, [join(corpus, 'live.py'), file, ...words]) as Measured & { success?: number };
  return found.success === undefined ? found : { ...found, robust: 1 - found.success };
}

/** Alternating, as the machine is never equally busy for long. */
function alternating<Name extends string>(works: Readonly<Record<Name, () => Measured>>): Record<Name, Measured[]> {
  const found = Object.fromEntries(Object.keys(works).map((name) => [name, []])) as unknown as Record<Name, Measured[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of Object.keys(works) as Name[]) found[name].push(works[name]());
  }
  return found;
}

const middleOf = (found: readonly Measured[], of: (one: Measured) => number | undefined): number =>
  median(found.map((one) => of(one) ?? Number.NaN));

function gradientRow(name: string, file: string, data: string, rows: number): BenchRow {
  const { us, them } = alternating({
    us: () => byUs(file, data, 'gradient', rows),
    them: () => byPeer(file, data, 'gradient', rows),
  });
  const [seconds, theirs] = [us, them].map((found) => middleOf(found, (one) => one.seconds)) as [number, number];
  const [peak, theirPeak] = [us, them].map((found) => middleOf(found, (one) => one.peakMemory / 2 ** 20)) as [
    number,
    number,
  ];
  return {
    [`gradient of a batch of ${rows}`]: name,
    ms: rounded(seconds * 1000, 1),
    'forward passes': rounded(seconds / middleOf(us, (one) => one.forward), 2),
    'PyTorch eager, ms': rounded(theirs * 1000, 1),
    'times as fast': rounded(theirs / seconds, 2),
    'peak MiB': Math.round(peak),
    'PyTorch, peak MiB': Math.round(theirPeak),
  };
}

function attackRow(name: string, file: string, data: string, rows: number): BenchRow {
  const { us, them } = alternating({
    us: () => byUs(file, data, 'pgd', rows),
    them: () => byPeer(file, data, 'art.pgd', rows),
  });
  const [seconds, theirs] = [us, them].map((found) => middleOf(found, (one) => one.seconds)) as [number, number];
  return {
    [`PGD, 40 steps, ${rows} rows, L∞ of 0.1`]: name,
    s: rounded(seconds),
    'robust %': rounded(100 * middleOf(us, (one) => one.robust), 1),
    'PyTorch + ART, s': rounded(theirs),
    'theirs robust %': rounded(100 * middleOf(them, (one) => one.robust), 1),
    'times as fast': rounded(theirs / seconds, 2),
  };
}

function firstRow(): BenchRow {
  const [file, data] = [join(corpus, 'models/digits-cnn.export-18.onnx'), join(corpus, 'data/digits-test.npz')];
  const first = Array.from({ length: 5 }, () => byUs(file, data, 'first', 64).firstAt ?? Number.NaN);
  return {
    'from the start of a process': 'to the first adversarial example: digits-cnn',
    s: rounded(median(first)),
  };
}

/** Runs the benchmark. */
export function run(): BenchResult {
  if (!existsSync(python)) throw new Error('needs PyTorch and ART: tools/peers/requirements-trials.txt');
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    const made = spawnSync(python, [join(corpus, 'speed_models.py'), folder], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr.slice(-2000));
    const speed = (name: string): [string, string] => [
      join(folder, `speed-${name}.onnx`),
      join(folder, `speed-${name}.npz`),
    ];
    const digits = (name: string): [string, string] => [
      join(corpus, `models/digits-${name}.export-18.onnx`),
      join(corpus, 'data/digits-test.npz'),
    ];
    const rows = [
      gradientRow('CNN of the shape of MNIST', ...speed('cnn'), 64),
      gradientRow('ResNet-18, 32 × 32', ...speed('resnet18'), 16),
      gradientRow('transformer, 49 patches, 4 layers', ...speed('transformer'), 64),
      ...['cnn', 'residual', 'transformer'].map((name) => attackRow(`digits-${name}`, ...digits(name), 400)),
      firstRow(),
    ];
    return { name: 'trials', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
