import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDecimal } from '../src/decimal.ts';

describe('numbers as Cedar decimals', () => {
  // Worked out by hand; the last two are the bounds of a signed 64-bit integer over 10,000.
  it.each([
    [0.7, '0.7000', '0.7000'],
    [0.312, '0.3120', '0.3120'],
    [0.40003, '0.4000', '0.4001'],
    [-0.40003, '-0.4001', '-0.4000'],
    [0, '0.0000', '0.0000'],
    [-0, '0.0000', '0.0000'],
    [1e-7, '0.0000', '0.0001'],
    [-1e-7, '-0.0001', '0.0000'],
    [5e-324, '0.0000', '0.0001'],
    [12, '12.0000', '12.0000'],
    [1.5e10, '15000000000.0000', '15000000000.0000'],
    [0.1 + 0.2, '0.3000', '0.3001'],
    [922337203685477, '922337203685477.0000', '922337203685477.0000'],
    [-922337203685477, '-922337203685477.0000', '-922337203685477.0000'],
  ])('%d is %s rounded down, %s rounded up', (value, down, up) => {
    expect([toDecimal(value, 'down'), toDecimal(value, 'up')]).toEqual([down, up]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 922337203685478, -922337203685478, 1e300])(
    'there is none for %d',
    (value) => {
      expect([toDecimal(value, 'down'), toDecimal(value, 'up')]).toEqual([undefined, undefined]);
    },
  );

  it('encloses the number within 0.0001', () => {
    // Integers over 10^6 are exact to compare as integers: an arithmetic of its own.
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), (millionths) => {
        const value = millionths / 1e6;
        const scaled = (text: string | undefined): number => Number(String(text).replace('.', '')) * 100;
        const down = scaled(toDecimal(value, 'down'));
        const up = scaled(toDecimal(value, 'up'));
        expect(down).toBeLessThanOrEqual(millionths);
        expect(up).toBeGreaterThanOrEqual(millionths);
        expect(up - down).toBe(millionths % 100 === 0 ? 0 : 100);
      }),
    );
  });
});
