/**
 * A profile beside ydata-profiling: the census table ten times over (325,610 rows, 15 columns, CSV), read, profiled and written
 * as an HTML page, in a process each, ours and theirs alternating. Both spend what the machine has.
 * `npm run bench -- profile`: some minutes, nearly all of them the peer's. The peer: tools/peers/requirements-data.txt.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';

const peers = process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers');
const python = join(peers, 'data', 'bin', 'python');
const data = process.env['HOLDFAST_ADULT_DATA'] ?? join(root, '..', 'shared', 'data');
const rounds = 2;
const names = Array.from({ length: 15 }, (_, at) => `c${at}`);

interface Measured {
  readonly seconds: number;
  /** Of all processors together. */
  readonly processor: number;
  /** Bytes. */
  readonly peak: number;
}

const ours = `
const [file, page] = process.argv.slice(-2);
const began = performance.now();
const { openTable } = await import('@holdfast/dataset');
const { profileOf, writeProfilePage } = await import('@holdfast/data');
const names = Array.from({ length: 15 }, (_, at) => 'c' + at);
const table = await openTable(file, { format: 'csv', names, missing: ['?'], trim: true });
await writeProfilePage(page, await profileOf([table]), { name: 'census' });
await table.close();
const { user, system } = process.cpuUsage();
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ seconds, processor: (user + system) / 1e6, peak: process.resourceUsage().maxRSS * 1024 }));
`;

const theirs = `
import json, resource, sys, time
began = time.perf_counter()
import pandas as pd
from ydata_profiling import ProfileReport
file, page, minimal = sys.argv[1:]
frame = pd.read_csv(file, names=["c%d" % at for at in range(15)], na_values=["?"], skipinitialspace=True)
ProfileReport(frame, minimal=minimal == "yes", progress_bar=False).to_file(page, silent=True)
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"seconds": time.perf_counter() - began, "processor": sum(u.ru_utime + u.ru_stime for u in used), "peak": used[0].ru_maxrss * 1024}))
`;

function measured(command: string, arguments_: readonly string[]): Measured {
  const { status, stdout, stderr } = spawnSync(command, arguments_, { encoding: 'utf8', cwd: root });
  if (status !== 0) throw new Error(stderr.slice(-2000));
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
}

/** The faster of two: what else goes on only ever makes slower. */
const best = (found: readonly Measured[], of: keyof Measured): number => Math.min(...found.map((each) => each[of]));
const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits));
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

function row(folder: string, file: string, isMinimal: boolean): BenchRow {
  const us: Measured[] = [];
  const them: Measured[] = [];
  const page = join(folder, 'page.html');
  const flags = ['--conditions=source', '--disable-warning=ExperimentalWarning', '--input-type=module'];
  for (let round = 0; round < rounds; round += 1) {
    us.push(measured(process.execPath, [...flags, '--eval', ours, file, page]));
    them.push(measured(python, ['-c', theirs, file, page, isMinimal ? 'yes' : 'no']));
  }
  return {
    [`profile of ${names.length} columns × 325,610 rows`]: isMinimal ? 'ydata-profiling, minimal' : 'ydata-profiling',
    s: rounded(best(us, 'seconds'), 2),
    'theirs, s': rounded(best(them, 'seconds')),
    'times as fast': rounded(best(them, 'seconds') / best(us, 'seconds')),
    'times less processor': rounded(best(them, 'processor') / best(us, 'processor')),
    'peak MiB': mebibytes(best(us, 'peak')),
    'theirs, peak MiB': mebibytes(best(them, 'peak')),
  };
}

/** Runs the benchmark. */
export function run(): BenchResult {
  const census = join(data, 'adult-train.csv');
  if (!existsSync(python) || !existsSync(census))
    throw new Error('needs tools/peers/requirements-data.txt and the census');
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    const file = join(folder, 'census.csv');
    writeFileSync(file, `${readFileSync(census, 'utf8').trim()}\n`.repeat(10));
    return { name: 'profile', rows: [row(folder, file, false), row(folder, file, true)] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
