import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logHypergeometricTail } from '../src/hypergeometric.ts';

/** n choose k in whole numbers of any size. */
function choose(n: number, k: number): bigint {
  if (k < 0 || k > n) return 0n;
  let product = 1n;
  for (let at = 1; at <= k; at += 1) product = (product * BigInt(n - k + at)) / BigInt(at);
  return product;
}

/** The tail as a fraction of whole numbers, to 60 binary digits behind the leading one. */
function logTail(shared: number, all: number, first: number, second: number): number {
  let sum = 0n;
  for (let count = shared; count <= Math.min(first, second); count += 1) {
    sum += choose(first, count) * choose(all - first, second - count);
  }
  const ways = choose(all, second);
  if (sum === 0n) return Number.NEGATIVE_INFINITY;
  const shift = Math.max(0, ways.toString(2).length - sum.toString(2).length) + 60;
  return Math.log(Number((sum << BigInt(shift)) / ways)) - shift * Math.LN2;
}

test('the lady of R. A. Fisher takes all four cups of eight by chance once in seventy times', () => {
  expect(Math.exp(logHypergeometricTail(4, 8, 4, 4))).toBeCloseTo(1 / 70, 14);
  expect(Math.exp(logHypergeometricTail(3, 8, 4, 4))).toBeCloseTo(17 / 70, 14);
});

test('the tail is that of whole numbers', () => {
  const sets = fc.record({
    all: fc.integer({ min: 1, max: 300 }),
    one: fc.nat(300),
    other: fc.nat(300),
    shared: fc.nat(300),
  });
  fc.assert(
    fc.property(sets, ({ all, one, other, shared }) => {
      const [first, second] = [Math.min(one, all), Math.min(other, all)];
      const [found, exact] = [logHypergeometricTail(shared, all, first, second), logTail(shared, all, first, second)];
      if (exact === Number.NEGATIVE_INFINITY) expect(found).toBe(exact);
      else expect(Math.abs(found - exact)).toBeLessThan(1e-9 * Math.max(1, Math.abs(exact)));
    }),
  );
});
