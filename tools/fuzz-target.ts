// The process that tries mutated files, one after the other; `fuzz.ts` watches it. What it dies of, or hangs at, is the
// last seed that it said it would try.
import { readFileSync } from 'node:fs';
import { scanBytes } from '../packages/scan/src/index.ts';
import { mutate } from './fuzz-mutation.ts';

/** What the parent sends first. */
export interface FuzzTask {
  readonly files: readonly string[];
  readonly first: number;
  readonly last: number;
  /** Bytes that one scan may add to what the process holds. */
  readonly memory: number;
}

/** What is told: a seed before it is tried, and a problem that did not end the process. */
export interface FuzzNews {
  readonly trying?: number;
  readonly problem?: { readonly seed: number; readonly text: string };
  readonly done?: true;
}

process.once('message', (task: FuzzTask) => {
  void work(task).then(() => {
    process.disconnect();
  });
});

function tell(news: FuzzNews): void {
  process.send?.(news);
}

async function work({ files, first, last, memory }: FuzzTask): Promise<void> {
  const seeds = files.map((file) => readFileSync(file));
  for (let seed = first; seed <= last; seed += 1) {
    tell({ trying: seed });
    const before = process.memoryUsage().rss;
    try {
      const { verdict, left, findings } = await scanBytes(mutate(seeds, seed), 'fuzzed', { hash: false });
      const silent = verdict === 'unknown' && left.length === 0 && findings.length === 0;
      if (silent) tell({ problem: { seed, text: 'unknown without a reason' } });
    } catch (error) {
      tell({ problem: { seed, text: error instanceof Error ? (error.stack ?? error.message) : String(error) } });
    }
    const grown = process.memoryUsage().rss - before;
    if (grown > memory) tell({ problem: { seed, text: `${Math.round(grown / 2 ** 20)} MiB more memory` } });
  }
  tell({ done: true });
}
