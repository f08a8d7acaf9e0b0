/**
 * The suite of bench/expectations.ts on 2, 20 and 100 million rows × 12 columns of Parquet: `holdfast data validate` in a project,
 * time and memory. The tables take 3 GB of disk and ten minutes to make, unless `HOLDFAST_BENCH_TABLES` names a folder of
 * `2000000.parquet` and so on, which bench/peers/expectations.py makes.
 */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult, BenchRow } from '../tools/bench-tables.ts';
import { root } from '../tools/repository.ts';
import { type Timing, timed } from './timed.ts';

const python = join(process.env['HOLDFAST_PEERS'] ?? join(homedir(), '.cache/holdfast-peers'), 'data/bin/python');
const peer = join(root, 'bench/peers/expectations.py');
const kept = process.env['HOLDFAST_BENCH_TABLES'];

/** Runs the benchmark. */
export function run(): BenchResult {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    if (!existsSync(python)) throw new Error(`there is no ${python}`);
    copyFileSync(join(root, 'bench/peers/expectations-suite.json'), join(folder, 'suite.json'));
    const holdfast = join(root, 'packages/cli/bin/holdfast.js');
    timed(folder, process.execPath, [holdfast, 'init', '--yes']);
    const rows: BenchRow[] = [];
    let first: Timing | undefined;
    for (const count of [2_000_000, 20_000_000, 100_000_000]) {
      const file = `${count}.parquet`;
      if (kept !== undefined && existsSync(join(kept, file))) copyFileSync(join(kept, file), join(folder, file));
      else timed(folder, python, [peer, 'make', join(folder, file), String(count)]);
      // Three expectations of the suite are not met: exit 1.
      const words = [holdfast, 'data', 'validate', file, '--suite', 'suite.json'];
      const found = timed(folder, process.execPath, words, [1]);
      first ??= found;
      rows.push({
        '22 expectations on 12 columns, rows': count,
        s: found.seconds.toFixed(1),
        'times the first': (found.seconds / first.seconds).toFixed(1),
        'CPU s': found.cpu.toFixed(1),
        'peak MiB': Math.round(found.peak),
      });
      rmSync(join(folder, file));
    }
    return { name: 'expectation-rows', rows };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
