import { binomialInterval, bootstrapInterval, mean, meanInterval, median, quantile } from '@holdfast/statistics';
import { betaQuantile, regularisedBeta } from '@holdfast/statistics/beta';
import { logGamma } from '@holdfast/statistics/log-gamma';
import { normalQuantile } from '@holdfast/statistics/normal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import vectors from './vectors/vectors.json' with { type: 'json' };

const code = (name: string) => expect.objectContaining({ code: name }) as Error;

function expectClose(found: number, expected: number, relative: number): void {
  expect(Math.abs(found - expected), `${found} instead of ${expected}`).toBeLessThanOrEqual(
    relative * Math.max(Math.abs(expected), Number.MIN_VALUE),
  );
}

describe('distributions are those of SciPy', () => {
  it('ln Γ', () => {
    for (const { x, logGamma: expected } of vectors.gammas) {
      // Close to its zeros at 1 and 2 the absolute error counts.
      expect(Math.abs(logGamma(x) - expected)).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(expected)));
    }
  });

  it('the normal quantile', () => {
    for (const { p, z } of vectors.normals) {
      expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(2e-15 * Math.max(1, Math.abs(z)));
    }
  });

  it('the incomplete beta function', () => {
    for (const { a, b, x, I } of vectors.betas) expectClose(regularisedBeta(x, a, b), I, I < 1e-200 ? 1 : 1e-8);
  });

  it('and its quantile gives back what it is given', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 0.999999, noNaN: true }),
        fc.double({ min: 0.5, max: 1e4, noNaN: true }),
        fc.double({ min: 0.5, max: 1e4, noNaN: true }),
        (p, a, b) => {
          const x = betaQuantile(p, a, b);
          // Between neighbours of x, because x close to 1 has few digits left for what is beyond it.
          const step = Math.max(x * 1e-12, 1e-15);
          expect(regularisedBeta(x - step, a, b)).toBeLessThanOrEqual(p * (1 + 1e-9));
          expect(regularisedBeta(x + step, a, b)).toBeGreaterThanOrEqual(p * (1 - 1e-9));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an interval for a chance', () => {
  it.each(vectors.binomials)('$successes of $trials at $confidence is that of statsmodels', (each) => {
    for (const method of ['wilson', 'clopper-pearson'] as const) {
      const { low, high } = binomialInterval(each.successes, each.trials, each.confidence, method);
      const [expectedLow = 0, expectedHigh = 1] = each[method];
      expect(Math.abs(low - expectedLow)).toBeLessThanOrEqual(1e-10 * expectedLow + 1e-15);
      expect(Math.abs(high - expectedHigh)).toBeLessThanOrEqual(1e-10 * expectedHigh + 1e-15);
    }
  });

  it.each([
    [1, 0, 0.95],
    [2, 1, 0.95],
    [-1, 1, 0.95],
    [0.5, 1, 0.95],
    [1, 2, 0],
    [1, 2, 1],
    [1, 2, Number.NaN],
  ])('is not for %d of %d at %d', (successes, trials, confidence) => {
    expect(() => binomialInterval(successes, trials, confidence)).toThrow(code('HF_STATISTICS_ARGUMENT'));
  });
});

describe('an interval of more trials than can be worked out', () => {
  it('says so', () => {
    expect(() => binomialInterval(5e12, 1e13, 0.95, 'clopper-pearson')).toThrow(code('HF_STATISTICS_CONVERGENCE'));
    // Wilson's is a formula.
    expect(binomialInterval(5e12, 1e13, 0.95).low).toBeCloseTo(0.5 - 1.959963984540054 / 2 / Math.sqrt(1e13), 12);
  });
});

describe('an interval for a mean', () => {
  it.each(vectors.means)('at $confidence is that of SciPy', ({ values, confidence, mean: centre, interval }) => {
    const found = meanInterval(values, confidence);
    const [low = 0, high = 0] = interval;
    const width = high - low;
    for (const [is, should] of [
      [found.mean, centre],
      [found.low, low],
      [found.high, high],
    ] as const) {
      expect(Math.abs(is - should)).toBeLessThanOrEqual(1e-9 * width + 1e-15 * Math.abs(centre));
    }
  });

  it('adds up what is small beside what is large', () => {
    expect(mean([1e100, 1, -1e100, 1])).toBe(0.5);
    expect(mean([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes two values, and numbers', () => {
    for (const values of [[], [1], [1, Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
      expect(() => meanInterval(values)).toThrow(code('HF_STATISTICS_VALUES'));
    }
    expect(() => mean([])).toThrow(code('HF_STATISTICS_VALUES'));
    expect(() => meanInterval([1, 2], 1)).toThrow(code('HF_STATISTICS_ARGUMENT'));
  });
});

describe('a quantile', () => {
  it.each(vectors.quantiles)('at $probability is that of NumPy', ({ values, probability, quantile: expected }) => {
    expect(quantile(values, probability)).toBeCloseTo(expected, 13);
    expect(quantile(Float64Array.from(values), probability)).toBeCloseTo(expected, 13);
  });

  it('of values some of which are infinite is where they stand', () => {
    const infinite = Number.POSITIVE_INFINITY;
    expect(median([1, infinite, infinite])).toBe(infinite);
    expect(median([infinite, 1, 2])).toBe(2);
    expect(median([1, infinite])).toBe(infinite);
    expect(quantile([1, 2, infinite], 0)).toBe(1);
  });

  it('takes numbers, and a probability', () => {
    expect(() => median([])).toThrow(code('HF_STATISTICS_VALUES'));
    expect(() => median([1, Number.NaN, 2])).toThrow(code('HF_STATISTICS_VALUES'));
    for (const probability of [-0.1, 1.1, Number.NaN]) {
      expect(() => quantile([1], probability)).toThrow(code('HF_STATISTICS_ARGUMENT'));
    }
  });
});

describe('an interval by drawing again', () => {
  it('is the one that Python finds with the same numbers', () => {
    const { values, interval, ...options } = vectors.bootstrap;
    const { low, high } = bootstrapInterval(values, median, options);
    expect(low).toBeCloseTo(interval[0]!, 13);
    expect(high).toBeCloseTo(interval[1]!, 13);
  });

  it('takes values, and a statistic that is a number', () => {
    expect(() => bootstrapInterval([], median, { seed: 1 })).toThrow(code('HF_STATISTICS_VALUES'));
    expect(() => bootstrapInterval([1], () => Number.NaN, { seed: 1 })).toThrow(code('HF_STATISTICS_VALUES'));
    expect(() => bootstrapInterval([1], median, { seed: 1, resamples: 1 })).toThrow(code('HF_STATISTICS_ARGUMENT'));
  });
});
