import { spawnSync } from 'node:child_process';

export interface Timing {
  readonly seconds: number;
  readonly cpu: number;
  /** MiB */
  readonly peak: number;
}

/** Runs a program under GNU time, which tells processor time and the peak of memory. */
export function timed(
  folder: string,
  program: string,
  words: readonly string[],
  fine: readonly number[] = [0],
): Timing {
  const began = performance.now();
  const { status, stderr } = spawnSync('/usr/bin/time', ['-f', '@%U %S %M', program, ...words], {
    ...{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', maxBuffer: 2 ** 28 },
    env: { ...process.env, NO_COLOR: '1', GX_ANALYTICS_ENABLED: 'false' },
  });
  const seconds = (performance.now() - began) / 1000;
  if (!fine.includes(status ?? -1)) throw new Error(`${program} ${words.join(' ')} ended with ${status}: ${stderr}`);
  const [user = Number.NaN, system = Number.NaN, peak = Number.NaN] = (/@(\S+) (\S+) (\d+)\s*$/.exec(stderr) ?? [])
    .slice(1)
    .map(Number);
  return { seconds, cpu: user + system, peak: peak / 1024 };
}
