import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { affineOf, roundHalfToEven } from '../../src/hardening/quantisation/affine.ts';
import { chosenRange } from '../../src/hardening/quantisation/choose-range.ts';
import { Histogram } from '../../src/hardening/quantisation/histogram.ts';

/** Heavy tails: the product of three normal numbers. */
const random = randomOf('tails');
const heavy = Float32Array.from({ length: 4000 }, () => random.normal() * random.normal() * random.normal());
const [least, greatest] = [Math.min(...heavy), Math.max(...heavy)];

function seen(values: Float32Array): Histogram {
  const histogram = new Histogram({ low: Math.min(...values), high: Math.max(...values) });
  histogram.add(values);
  return histogram;
}

/** Σ (x − rounded x)² of all values as they are, with a scale and a zero point in float64. */
function loss(values: Float32Array, low: number, high: number): number {
  const scale = (high - low) / 255;
  const zero = Math.round(-low / scale);
  return values.reduce((sum, value) => {
    const stored = Math.max(0, Math.min(255, Math.round(value / scale) + zero));
    return sum + (value - scale * (stored - zero)) ** 2;
  }, 0);
}

describe('the range', () => {
  it('of a percentile is where so many values lie, to the width of a bin', () => {
    const sorted = [...heavy].sort((a, b) => a - b);
    const { low, high } = chosenRange(seen(heavy), 'UINT8', { calibration: 'percentile', percentile: 99 });
    const bin = (greatest - least) / 4096;
    // half a percent of 4000 is gone on each side
    expect(Math.abs(low - (sorted[20] ?? 0))).toBeLessThanOrEqual(bin);
    expect(Math.abs(high - (sorted[3979] ?? 0))).toBeLessThanOrEqual(bin);
  });

  it.each(['UINT8', 'INT8'] as const)(
    'of least squares in %s is as good as the best that trying many finds',
    (type) => {
      // a million values, and two that are far away
      const bulk = Float32Array.from({ length: 2000 }, () => random.normal());
      const [far, times] = [Float32Array.of(-6, 9), 500];
      const histogram = new Histogram({ low: -6, high: 9 });
      histogram.add(far);
      for (let time = 0; time < times; time += 1) histogram.add(bulk);
      const cost = (low: number, high: number): number => times * loss(bulk, low, high) + loss(far, low, high);
      const { low, high } = chosenRange(histogram, type, { calibration: 'mse' });
      const parts = Array.from({ length: 30 }, (_, step) => (step + 1) / 30);
      const tried =
        type === 'INT8'
          ? parts.map((part) => cost(-9 * part, 9 * part))
          : parts.flatMap((a) => parts.map((b) => cost(-6 * a, 9 * b)));
      const reach = Math.max(-low, high);
      const found = type === 'INT8' ? cost(-reach, reach) : cost(low, high);
      expect(found).toBeLessThan(1.03 * Math.min(...tried));
      expect(found).toBeLessThan(0.8 * (tried.at(-1) ?? 0));
    },
  );

  it('of entropy keeps what is spread evenly, and leaves out what is alone far away', () => {
    const even = Float32Array.from({ length: 20_000 }, (_, index) => index / 20_000);
    expect(chosenRange(seen(even), 'UINT8', { calibration: 'entropy' }).high).toBeGreaterThan(0.95);
    const alone = Float32Array.from([...Array.from({ length: 20_000 }, () => random.normal()), 50]);
    const { low, high } = chosenRange(seen(alone), 'UINT8', { calibration: 'entropy' });
    expect(high).toBeLessThan(10);
    expect(high).toBeGreaterThan(2);
    expect(low).toBeLessThan(-2);
  });

  it('of values that are all the same is that value', () => {
    const same = { calibration: 'mse' } as const;
    expect(chosenRange(seen(Float32Array.of(3, 3)), 'UINT8', same)).toEqual({ low: 3, high: 3 });
  });
});

describe('scale and zero point', () => {
  it.each([
    // [low, high, type, scale, zero point]: 0 is always a part of the range
    [0, 2.55, 'UINT8', 0.01, 0],
    [1, 2.55, 'UINT8', 0.01, 0],
    [-2.55, -1, 'UINT8', 0.01, 255],
    [-1.275, 1.275, 'UINT8', 0.01, 128],
    [-1.27, 0.5, 'INT8', 0.01, 0],
    [0, 0, 'UINT8', 1, 0],
    [-1e-30, 1e-30, 'INT8', 1, 0],
  ] as const)('of %s to %s in %s are %s and %s', (low, high, type, scale, zeroPoint) => {
    const found = affineOf({ low, high }, type);
    expect(found.scale).toBeCloseTo(scale, 7);
    expect(found.zeroPoint).toBe(zeroPoint);
  });

  it.each([
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [-2.5, -2],
    [2.4999, 2],
    [-2.6, -3],
  ])('%s rounds to %s', (value, rounded) => {
    expect(roundHalfToEven(value)).toBeCloseTo(rounded, 10);
  });
});
