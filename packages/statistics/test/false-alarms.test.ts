import { describe, expect, it } from 'vitest';
import { falseAlarms, nullRuns } from './false-alarms.ts';

const runs = 300;

describe(`of ${runs} pairs of samples that are drawn from the same`, () => {
  it.each(Object.entries(nullRuns))('%s finds no more to differ than it may', (name, run) => {
    for (const { alpha, alarms, most } of falseAlarms(name, run, runs)) {
      expect(alarms, `p ≤ ${alpha}`).toBeLessThanOrEqual(most);
    }
  });
});
