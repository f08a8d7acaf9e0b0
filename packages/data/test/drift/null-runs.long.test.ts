import { describe, expect, test } from 'vitest';
import { longNullShapes, manyRows, mostAlarms, nullArea, nullRun, nullShapes, seeded } from './null-runs.ts';

const alphas = [0.01, 0.05, 0.1];
const timeout = 3_600_000;
/** Where the outcome is to be read. */
const tell = process.env['HOLDFAST_COUNTS'] === undefined ? () => undefined : console.log;

describe('of many pairs of tables that are drawn from the same, no more are said to differ than may be', () => {
  const all = [
    ...Object.entries(nullShapes).map(([name, shape]) => ({ name, shape, runs: 10_000 })),
    ...Object.entries(longNullShapes).map(([name, shape]) => ({ name, shape, runs: 2000 })),
  ];
  test.each(all)('$runs of $name', { timeout }, ({ name, shape, runs }) => {
    const random = seeded(name);
    const found = Array.from({ length: runs }, () => nullRun(shape, random));
    const alarms = alphas.map((alpha) => found.filter(({ least }) => least <= alpha).length);
    const verdicts = found.filter(({ verdict }) => verdict !== 'pass').length;
    const failed = found.filter(({ verdict }) => verdict === 'fail').length;
    tell(
      `${name}: ${runs} runs, alarms ${alarms.join(' / ')} at ${alphas.join(' / ')}; not passed ${verdicts}, failed ${failed}`,
    );
    for (const [at, alpha] of alphas.entries()) {
      expect(alarms[at], `p ≤ ${alpha}`).toBeLessThanOrEqual(mostAlarms(alpha, runs));
    }
    expect(verdicts, 'verdicts at 0.05').toBeLessThanOrEqual(mostAlarms(0.05, runs));
  });

  test('the domain classifier alone', { timeout }, () => {
    const random = seeded('the domain classifier');
    const ps = Array.from({ length: 2000 }, () => nullArea(random));
    const alarms = alphas.map((alpha) => ps.filter((p) => p <= alpha).length);
    tell(`domain classifier alone: 2000 runs, alarms ${alarms.join(' / ')}`);
    for (const [at, alpha] of alphas.entries())
      expect(alarms[at], `p ≤ ${alpha}`).toBeLessThanOrEqual(mostAlarms(alpha, ps.length));
  });
});

test('of many rows what chance makes is seen, but too small to matter', { timeout }, () => {
  const random = seeded('many rows');
  const found = Array.from({ length: 500 }, () => nullRun(manyRows, random));
  const seen = found.filter(({ least }) => least <= 0.05).length;
  tell(`many rows: 500 runs, ${seen} seen, not passed ${found.filter(({ verdict }) => verdict !== 'pass').length}`);
  expect(seen).toBeLessThanOrEqual(mostAlarms(0.05, 500));
  expect(found.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
});
