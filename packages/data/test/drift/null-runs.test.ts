import { describe, expect, test } from 'vitest';
import { manyRows, mostAlarms, nullRun, nullShapes, seeded } from './null-runs.ts';

const runs = 100;

describe(`of ${runs} pairs of tables that are drawn from the same, no more are said to differ than may be`, () => {
  test.each(Object.entries(nullShapes).filter(([, { isJoint }]) => isJoint !== true))('%s', (name, shape) => {
    const random = seeded(name);
    const found = Array.from({ length: runs }, () => nullRun(shape, random));
    expect(found.filter(({ least }) => least <= 0.05).length).toBeLessThanOrEqual(mostAlarms(0.05, runs));
    expect(found.filter(({ verdict }) => verdict !== 'pass').length).toBeLessThanOrEqual(mostAlarms(0.05, runs));
  });

  test('of many rows what chance makes is seen, but too small to matter', () => {
    const random = seeded('a few of many rows');
    const found = Array.from({ length: 10 }, () => nullRun(manyRows, random));
    expect(found.map(({ verdict }) => verdict)).toEqual(found.map(() => 'pass'));
  });
});
