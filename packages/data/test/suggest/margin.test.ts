import fc from 'fast-check';
import { expect, test } from 'vitest';
import { around, mostlyFor } from '../../src/suggest/margin.ts';

test('ends are moved outward, to round numbers', () => {
  expect(around({ least: 12_285, greatest: 1_484_705 }, 0.1)).toEqual({ least: -140_000, greatest: 1_640_000 });
  expect(around({ least: 17, greatest: 90 }, 0.1)).toEqual({ least: 9.7, greatest: 97.3 });
  expect(around({ least: 5, greatest: 5 }, 0.1)).toEqual({ least: 5, greatest: 5 });
  expect(around({ least: 5, greatest: 5 }, 0.1, 30)).toEqual({ least: 2, greatest: 8 });
});

test('whatever was seen lies within', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(finite, finite, fc.double({ min: 0, max: 10, noNaN: true }), (one, other, share) => {
      const [least, greatest] = [Math.min(one, other), Math.max(one, other)];
      const ends = around({ least, greatest }, share);
      expect(ends.least).toBeLessThanOrEqual(least);
      expect(ends.greatest).toBeGreaterThanOrEqual(greatest);
    }),
    { seed: 6, numRuns: 500 },
  );
});

test('how many may be missing where some were', () => {
  expect([mostlyFor(0, 10), mostlyFor(1, 100), mostlyFor(3, 4), mostlyFor(0, 0)]).toEqual([1, 0.98, undefined, 1]);
});
