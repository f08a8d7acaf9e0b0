/**
 * Hashing beside `openssl dgst -sha256`, alternating in one run, as ratios. Each side runs as a process of its own, so
 * that both pay for their start and their CPU time can be told apart.
 */
import { execFileSync, spawn } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DigestOptions, digestArtifact } from '@holdfast/evidence/digest/artifact';

export interface BenchRow {
  readonly what: string;
  readonly [figure: string]: string | number;
}

export interface BenchResult {
  readonly name: string;
  readonly rows: readonly BenchRow[];
}

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const rounds = 5;

interface Cost {
  /** Seconds. */
  readonly wall: number;
  readonly cpu: number;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const rounded = (value: number): number => Number(value.toFixed(3));

function fill(file: string, size: number): void {
  const block = randomFillSync(Buffer.alloc(mebibyte));
  const descriptor = openSync(file, 'w');
  for (let written = 0; written < size; written += block.length) writeSync(descriptor, block);
  closeSync(descriptor);
}

/** Wall-clock and CPU seconds of one hashing in this process. */
async function ours(path: string, options: DigestOptions): Promise<Cost> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await digestArtifact(path, options);
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

/** The same of a child process, with the shell's `times` for its CPU. */
function openssl(path: string): Cost {
  const start = performance.now();
  const script = 'openssl dgst -sha256 "$1" >/dev/null; times';
  const printed = execFileSync('sh', ['-c', script, 'sh', path], { encoding: 'utf8' });
  const wall = (performance.now() - start) / 1000;
  const children = printed.trim().split('\n').at(-1) ?? '';
  const cpu = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
  return { wall, cpu };
}

async function oneFile(file: string): Promise<BenchRow> {
  await ours(file, {});
  const [mine, peer]: [Cost[], Cost[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    peer.push(openssl(file));
    mine.push(await ours(file, {}));
  }
  const [wall, peerWall] = [median(mine.map((cost) => cost.wall)), median(peer.map((cost) => cost.wall))];
  const [cpu, peerCpu] = [median(mine.map((cost) => cost.cpu)), median(peer.map((cost) => cost.cpu))];
  return {
    what: `one file of 1 GiB beside openssl, median of ${rounds}`,
    'GiB/s': rounded(1 / wall),
    'openssl GiB/s': rounded(1 / peerWall),
    'speed / openssl': rounded(peerWall / wall),
    'CPU s': rounded(cpu),
    'openssl CPU s': rounded(peerCpu),
    'per core / openssl': rounded(peerCpu / cpu),
  };
}

async function manyFiles(folder: string): Promise<BenchRow[]> {
  const counts = [...new Set([1, 2, availableParallelism()])].filter((count) => count <= availableParallelism());
  const walls = new Map<number, number[]>(counts.map((count) => [count, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const workers of counts) walls.get(workers)?.push((await ours(folder, { workers })).wall);
  }
  const alone = median(walls.get(1) ?? []);
  return counts.map((workers) => {
    const wall = median(walls.get(workers) ?? []);
    return {
      what: `folder of 64 × 32 MiB, ${workers} worker${workers === 1 ? '' : 's'}, median of ${rounds}`,
      'GiB/s': rounded(2 / wall),
      'speed / 1 worker': rounded(alone / wall),
      'speed / 1 worker / workers': rounded(alone / wall / workers),
    };
  });
}

/** In a fresh process, whose peak is its own. */
async function peakMemory(file: string, size: number): Promise<BenchRow> {
  truncateSync(file, size);
  const program = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, ['--conditions=source', program, '--peak', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  const { before, peak } = JSON.parse(Buffer.concat(chunks).toString()) as { before: number; peak: number };
  return {
    what: `sparse file of ${size / gibibyte} GiB: resident memory`,
    'peak MiB': rounded(peak / mebibyte),
    'over start MiB': rounded((peak - before) / mebibyte),
  };
}

async function measurePeak(file: string): Promise<void> {
  const before = process.memoryUsage().rss;
  await digestArtifact(file);
  process.stdout.write(JSON.stringify({ before, peak: process.resourceUsage().maxRSS * 1024 }));
}

/** Runs the benchmark: about a minute; with `HOLDFAST_LONG=1` also 10 GiB. */
export async function run(): Promise<BenchResult> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    const [file, many, sparse] = [join(folder, 'file'), join(folder, 'many'), join(folder, 'sparse')];
    fill(file, gibibyte);
    const rows = [await oneFile(file)];
    rmSync(file);
    mkdirSync(many);
    for (let index = 0; index < 64; index += 1) fill(join(many, String(index)), 32 * mebibyte);
    rows.push(...(await manyFiles(many)));
    rmSync(many, { recursive: true });
    writeFileSync(sparse, '');
    rows.push(await peakMemory(sparse, gibibyte));
    if (process.env['HOLDFAST_LONG'] === '1') rows.push(await peakMemory(sparse, 10 * gibibyte));
    return { name: 'hashing', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const [flag, file] = process.argv.slice(2);
  if (flag === '--peak' && file !== undefined) await measurePeak(file);
  else for (const row of (await run()).rows) console.log(row);
}
