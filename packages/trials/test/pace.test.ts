import { expect, test } from 'vitest';
import { Pace } from '../src/robustness/pace.ts';

test('the rest takes as long as what was done; nobody knows before every unit was seen', () => {
  const pace = new Pace(['a', 'b'], 3);
  expect([pace.done, pace.secondsLeft]).toEqual([0, undefined]);
  pace.finished('a', 1);
  expect([pace.done, pace.secondsLeft]).toEqual([1 / 6, undefined]);
  pace.finished('b', 3);
  // a block takes 4 s, and two are left
  expect([pace.done, pace.secondsLeft]).toEqual([1 / 3, 8]);
  pace.finished('a', 2);
  // a takes 1.5 s: left are one of a, and two of b
  expect(pace.secondsLeft).toBe(1.5 + 2 * 3);
  expect(pace.done).toBeCloseTo((1.5 + 3 + 1.5) / (3 * 4.5), 12);
});

test('what was remembered took no time, and does not count', () => {
  const pace = new Pace(['a', 'b'], 2);
  pace.finished('a', undefined);
  pace.finished('b', undefined);
  expect([pace.done, pace.secondsLeft]).toEqual([0.5, undefined]);
  pace.finished('a', 5);
  pace.finished('b', 1);
  expect([pace.done, pace.secondsLeft]).toEqual([1, 0]);
});
