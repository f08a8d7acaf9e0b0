/**
 * A suite of 22 expectations on 2,000,000 rows × 12 columns of Parquet: `holdfast data validate` in a project, which digests
 * the file, runs the suite, looks up unexpected rows and signs the report; Great Expectations with pandas; and the floor,
 * SQL for this one suite by hand. Alternating, each in a process of its own, in one process tree.
 *
 * The peer: tools/peers/requirements-data.txt (into an environment `data`); the table and the peer's side: bench/peers.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';
import { type Timing, timed } from './timed.ts';

const python = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'data/bin/python');
const peer = join(root, 'bench/peers/expectations.py');
const rounds = 3;

/** Runs the benchmark: about three minutes. */
export function run(): BenchResult {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    if (!existsSync(python)) throw new Error(`there is no ${python}`);
    copyFileSync(join(root, 'bench/peers/expectations-suite.json'), join(folder, 'suite.json'));
    timed(folder, python, [peer, 'make', join(folder, 'table.parquet')]);
    const holdfast = join(root, 'packages/cli/bin/holdfast.js');
    timed(folder, process.execPath, [holdfast, 'init', '--yes']);
    const validate = [holdfast, 'data', 'validate', 'table.parquet', '--suite', 'suite.json'];
    const floor = join(root, 'bench/peers/expectations-floor.mjs');
    return { name: 'expectations', rows: rowsOf(folder, validate, [floor, 'table.parquet']) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsOf(folder: string, validate: readonly string[], floor: readonly string[]): BenchRow[] {
  const cases: Readonly<Record<string, () => Timing>> = {
    // Three expectations of the suite are not met: exit 1.
    'holdfast data validate, signed': () => timed(folder, process.execPath, validate, [1]),
    'Great Expectations 1.24.1 with pandas': () => timed(folder, python, [peer, 'measure', 'table.parquet']),
    'SQL by hand, in DuckDB': () => timed(folder, process.execPath, floor),
  };
  const spent = new Map(Object.keys(cases).map((name) => [name, [] as Timing[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, work] of Object.entries(cases)) spent.get(name)?.push(work());
  }
  const middle = (name: string, of: (timing: Timing) => number): number =>
    (spent.get(name) ?? []).map(of).toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
  const [ours = ''] = Object.keys(cases);
  return Object.keys(cases).map((name) => ({
    [`22 expectations, 2,000,000 rows × 12, median of ${rounds}`]: name,
    s: middle(name, ({ seconds }) => seconds).toFixed(2),
    'CPU s': middle(name, ({ cpu }) => cpu).toFixed(2),
    'times ours': (middle(name, ({ seconds }) => seconds) / middle(ours, ({ seconds }) => seconds)).toFixed(2),
    'peak MiB': Math.round(middle(name, ({ peak }) => peak)),
    'of our memory': (middle(name, ({ peak }) => peak) / middle(ours, ({ peak }) => peak)).toFixed(2),
  }));
}
