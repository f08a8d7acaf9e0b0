import { describe, expect, it } from 'vitest';
import { falseAlarms, longNullRuns, nullRuns } from './false-alarms.ts';

describe('of many pairs of samples that are drawn from the same', () => {
  const all = [
    ...Object.entries(nullRuns).map(([name, run]) => ({ name, run, runs: 10_000 })),
    ...Object.entries(longNullRuns).map(([name, run]) => ({ name, run, runs: 1000 })),
  ];
  it.each(all)(
    '$runs of $name: no more are found to differ than may be',
    { timeout: 600_000 },
    ({ name, run, runs }) => {
      for (const { alpha, alarms, most } of falseAlarms(name, run, runs)) {
        expect(alarms, `p ≤ ${alpha}`).toBeLessThanOrEqual(most);
      }
    },
  );
});
