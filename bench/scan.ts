/**
 * The scan beside its peers: `modelscan`, `picklescan`, `fickling` and `modelaudit` from PyPI, each as its users run it,
 * a process for a file. Alternating, in one process tree; a peer that takes longer than two minutes is stopped and said so.
 *
 * The peers and PyTorch: tools/peers/bench-scan.txt (into an environment `scan-peers`) and requirements-scan-torch.txt.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers');
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
const longest = 120_000; // milliseconds

/** What `pickle.dump` writes of records of small numbers and short texts: an opcode every three bytes or so. */
const dense = `
import pickle, random, sys
draw = random.Random(1)
rows = [{'id': n, 'label': draw.randrange(10), 'name': 'n%d' % draw.randrange(10**6), 'ok': n % 3 == 0,
         'box': (draw.randrange(256), draw.randrange(256), draw.randrange(256))} for n in range(int(sys.argv[2]))]
with open(sys.argv[1], 'wb') as file:
    pickle.dump(rows, file, protocol=4)
`;

/** 128 float32 matrices of 4 MiB: 537 MB in the zip that torch.save writes. */
const weights = `
import sys, torch
torch.save({'layer%d.weight' % n: torch.rand(1024, 1024) for n in range(128)}, sys.argv[1])
`;

interface Timing {
  readonly seconds: number;
  readonly cpu: number;
  readonly peak: number;
  readonly status: number | string;
}

/** Runs a program under GNU time, which tells processor time and the peak of memory; in a folder that it may litter. */
function timed(program: string, words: readonly string[]): Timing {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-work-'));
  const began = performance.now();
  const { status, signal, stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', '@%U %S %M', 'timeout', '-k', '5', String(longest / 1000), program, ...words],
    {
      ...{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 28 },
      env: { ...process.env, NO_COLOR: '1', PROMPTFOO_DISABLE_TELEMETRY: '1', NO_ANALYTICS: '1' },
    },
  );
  const seconds = (performance.now() - began) / 1000;
  rmSync(folder, { recursive: true, force: true });
  const [user = Number.NaN, system = Number.NaN, peak = Number.NaN] = (/@(\S+) (\S+) (\d+)\s*$/.exec(stderr) ?? [])
    .slice(1)
    .map(Number);
  return { seconds, cpu: user + system, peak: peak / 1024, status: status ?? signal ?? 'stopped' };
}

/** How each is told to scan one file. */
function scanners(file: string): Record<string, () => Timing> {
  const bin = join(peers, 'scan-peers/bin');
  const holdfast = join(root, 'packages/cli/bin/holdfast.js');
  const ours = ['scan', '--no-cache', '--quiet', file];
  const theirs: Record<string, readonly string[]> = {
    picklescan: ['-p', file],
    modelscan: ['-p', file],
    fickling: ['--check-safety', file],
    modelaudit: ['scan', '--no-cache', file],
  };
  return {
    'holdfast, without hashing': () => timed(process.execPath, [holdfast, ...ours, '--no-hash']),
    'holdfast, with SHA-256 of everything': () => timed(process.execPath, [holdfast, ...ours]),
    ...Object.fromEntries(
      Object.entries(theirs)
        .filter(([name]) => existsSync(join(bin, name)))
        .map(([name, words]) => [name, () => timed(join(bin, name), words)]),
    ),
  };
}

function rowsOf(what: string, file: string, rounds: number): BenchRow[] {
  const bytes = statSync(file).size;
  const cases = Object.entries(scanners(file));
  const spent = new Map(cases.map(([name]) => [name, [] as Timing[]]));
  const given = new Set<string>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, work] of cases) {
      if (given.has(name)) continue;
      const timing = work();
      spent.get(name)?.push(timing);
      if (timing.seconds > longest / 4000) given.add(name); // once is enough of what takes half a minute
    }
  }
  const seconds = (name: string): number => median((spent.get(name) ?? []).map((timing) => timing.seconds));
  return [...spent].map(([name, timings]) => ({
    [`${what}, ${rounded(bytes / 1e6, 1)} MB, median of ${rounds}`]: name,
    s: timings.some(({ status }) => status === 124) ? `stopped after ${longest / 1000}` : rounded(seconds(name)),
    'MB/s': rounded(bytes / 1e6 / seconds(name), 1),
    'times ours': rounded(seconds(name) / seconds('holdfast, without hashing')),
    'peak MiB': Math.round(median(timings.map(({ peak }) => peak))),
    'exit status': timings[0]?.status ?? '',
  }));
}

function python(environment: string, script: string, ...words: readonly string[]): boolean {
  const program = environment === '' ? '/usr/bin/python3' : join(peers, environment, 'bin/python');
  return existsSync(program) && spawnSync(program, ['-c', script, ...words]).status === 0;
}

/** Runs the benchmark: about six minutes. */
export function run(): BenchResult {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    const rows: BenchRow[] = [];
    const pickle = join(folder, 'dense.pkl');
    if (python('', dense, pickle, '1800000')) rows.push(...rowsOf('records of small values in a pickle', pickle, 3));
    const archive = join(folder, 'weights.pt');
    if (python('scan-torch', weights, archive)) rows.push(...rowsOf('a PyTorch archive of 128 tensors', archive, 3));
    const tensors = join(folder, 'big.safetensors');
    writeSafetensors(tensors, 2 ** 35);
    rows.push(
      ...rowsOf('safetensors, one tensor, sparse', tensors, 1).filter(
        (row) => !String(Object.values(row)[0]).includes('SHA'),
      ),
    );
    return { name: 'scan', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A header, and as many zeros as it says, of which the disk holds none. */
function writeSafetensors(path: string, bytes: number): void {
  const header = Buffer.from(JSON.stringify({ zeros: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileSync(path, Buffer.concat([length, header]));
  truncateSync(path, 8 + header.length + bytes);
}
