import { expect, test } from 'vitest';
import { duration, TimeLeft } from '../src/harden/time-left.ts';

test('the time left goes by what was done since it began, not by what an earlier run did', () => {
  let now = 0;
  const left = new TimeLeft(() => now);
  expect(left.after(0.5)).toBe('');
  now = 10_000;
  // a quarter in ten seconds: another quarter is left
  expect(left.after(0.75)).toBe('10 s left');
  now = 20_000;
  expect(left.after(1)).toBe('0 s left');
});

test.for([
  [3.2, '4 s'],
  [99, '99 s'],
  [150, '3 min'],
  [3599, '60 min'],
  [9000, '2.5 h'],
] as const)('%d seconds are `%s`', ([seconds, words]) => {
  expect(duration(seconds)).toBe(words);
});
