/**
 * What the scan itself costs, without starting a command: a process for each file that scans it five times, and the
 * processor time of the first and of the best.
 * `npm run bench -- scan-in-process`: about a minute.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers');

/** Pickles of one kind of value each, as CPython writes them. */
const pickles = `
import pickle, random, sys
draw = random.Random(1)
kind, path = sys.argv[1:]
records = lambda count: [{'id': n, 'label': draw.randrange(10), 'name': 'n%d' % draw.randrange(10**6), 'ok': n % 3 == 0,
  'box': (draw.randrange(256), draw.randrange(256), draw.randrange(256))} for n in range(count)]
value, protocol = {
  'records, protocol 4': lambda: (records(1800000), 4),
  'records, protocol 0': lambda: (records(400000), 0),
  'small integers': lambda: ([draw.randrange(256) for _ in range(20000000)], 4),
  'short texts, each three times': lambda: (['k%d' % draw.randrange(4000000) for _ in range(2000000)] * 3, 4),
  'floats': lambda: ([draw.random() for _ in range(6000000)], 4),
}[kind]()
with open(path, 'wb') as file:
    pickle.dump(value, file, protocol=protocol)
`;

const weights = `
import sys, torch
torch.save({'layer%d.weight' % n: torch.rand(1024, 1024) for n in range(128)}, sys.argv[1])
`;

/** Scans a file five times; prints processor seconds of each. */
const scanning = `
const { scanFile } = await import('@holdfast/scan/scan-file');
const [path, hash] = process.argv.slice(1);
const spent = [];
for (let round = 0; round < 5; round += 1) {
  const before = process.cpuUsage();
  const { verdict } = await scanFile(path, { hash: hash === 'true' });
  const { user, system } = process.cpuUsage(before);
  spent.push((user + system) / 1e6);
  if (verdict !== 'pass') throw new Error(verdict);
}
console.log(JSON.stringify({ spent, peak: process.resourceUsage().maxRSS / 1024 }));
`;

interface Spent {
  readonly spent: readonly number[];
  readonly peak: number;
}

function scanned(path: string, hash: boolean): Spent {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--conditions=source',
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      scanning,
      path,
      String(hash),
    ],
    { cwd: join(root, 'packages/cli'), encoding: 'utf8' },
  );
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Spent;
}

const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

function row(what: string, path: string, hash: boolean): BenchRow {
  const megabytes = statSync(path).size / 1e6;
  const { spent, peak } = scanned(path, hash);
  const [first = Number.NaN, best] = [spent[0], Math.min(...spent)];
  return {
    'scanned in one process, five times': what,
    MB: rounded(megabytes, 1),
    'first, CPU s': rounded(first),
    'best, CPU s': rounded(best),
    'first, MB a CPU s': rounded(megabytes / first, 1),
    'best, MB a CPU s': rounded(megabytes / best, 1),
    'peak MiB': Math.round(peak),
  };
}

/** Runs the benchmark. */
export function run(): BenchResult {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const rows: BenchRow[] = [];
  try {
    const kinds = [
      'records, protocol 4',
      'records, protocol 0',
      'small integers',
      'short texts, each three times',
      'floats',
    ];
    for (const kind of kinds) {
      const path = join(folder, 'one.pkl');
      if (spawnSync('/usr/bin/python3', ['-c', pickles, kind, path]).status !== 0) continue;
      rows.push(row(`a pickle of ${kind}`, path, false));
      rmSync(path);
    }
    const torch = join(peers, 'scan-torch/bin/python');
    const archive = join(folder, 'weights.pt');
    if (existsSync(torch) && spawnSync(torch, ['-c', weights, archive]).status === 0) {
      rows.push(row('a PyTorch archive of 128 tensors', archive, false));
      rows.push(row('the same, with SHA-256 of everything', archive, true));
    }
    return { name: 'scan in process', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
