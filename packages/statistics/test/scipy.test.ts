import * as statistics from '@holdfast/statistics';
import { scaledBesselK } from '@holdfast/statistics/special/bessel';
import { cramerVonMisesSurvival } from '@holdfast/statistics/special/cramer-von-mises';
import { kolmogorovSurvival } from '@holdfast/statistics/special/kolmogorov';
import { smirnovSurvival } from '@holdfast/statistics/special/smirnov';
import { chiSquareSurvival, normalSurvival } from '@holdfast/statistics/special/survival';
import { describe, expect, it } from 'vitest';
import { expectClose } from './close.ts';
import { sample } from './recorded-samples.ts';
import recorded from './vectors/scipy-1.17.1.json' with { type: 'json' };

const refused = expect.objectContaining({ code: 'HF_STATISTICS_VALUES' }) as Error;
const tests = ['kolmogorovSmirnov', 'cramerVonMises', 'andersonDarling', 'mannWhitney', 'eppsSingleton'] as const;
const distances = ['wasserstein', 'energyDistance', 'cliffsDelta', 'cohensD', 'standardisedMeanDifference'] as const;
const ofCounts = [
  'cramersV',
  'jensenShannon',
  'kullbackLeibler',
  'populationStability',
  'hellinger',
  'totalVariation',
  'chebyshev',
] as const;

/** SciPy's p is one less a distribution: what is below its last bits is noise; that of W is e to the -W/2, and 10⁻³⁰ as good as nothing. */
const noise = {
  kolmogorovSmirnov: 1e-14,
  cramerVonMises: 1e-14,
  andersonDarling: 0,
  mannWhitney: 1e-300,
  eppsSingleton: 1e-30,
};

const pairs = recorded.samples.map((each) => {
  const { number, kind, sizes, scale, shift } = each;
  const a = sample(kind, `a${number}`, sizes[0] ?? 0, 1, 0);
  const b = sample(kind, `b${number}`, sizes[1] ?? 0, scale, shift);
  return { ...each, a, b, what: `case ${number}, ${kind} of ${sizes.join(' and ')}` };
});

describe('tests of two samples are those of SciPy', () => {
  it.each(tests)('%s', (name) => {
    let refusals = 0;
    for (const { a, b, what, [name]: expected } of pairs) {
      if (expected === null) {
        refusals += 1;
        if (name !== 'cramerVonMises' || a.length < 2 || b.length < 2) {
          expect(() => statistics[name](a, b), what).toThrow(refused);
        }
        continue;
      }
      const [statistic = Number.NaN, p = Number.NaN, more] = expected;
      const found = statistics[name](a, b);
      expectClose(found.statistic, statistic, `${what}, statistic`, 1e-12);
      expectClose(found.p, p, `${what}, p`, noise[name]);
      if ('sign' in found) expect(found.sign, what).toBe(more);
      if ('freedom' in found) expect(found.freedom, what).toBe(more);
    }
    expect(refusals).toBeLessThan(recorded.samples.length / 2);
  });

  it('χ² of two rows', () => {
    for (const { a, b, chiSquare: expected } of recorded.counts) {
      const found = statistics.chiSquare(a, b);
      const [statistic = 0, p = 0, freedom, smallExpected, leastExpected = 0] = expected;
      expectClose(found.statistic, statistic, 'χ²');
      expectClose(found.p, p, 'p', 1e-300);
      expectClose(found.leastExpected, leastExpected, 'the least expectation');
      expect([found.freedom, found.smallExpected]).toEqual([freedom, smallExpected]);
    }
  });
});

describe('distances and effects are those of SciPy and NumPy', () => {
  it.each(distances)('%s', (name) => {
    let compared = 0;
    for (const { a, b, what, [name]: expected } of pairs) {
      if (expected === null) continue;
      compared += 1;
      expectClose(statistics[name](a, b), expected, what, 1e-14);
    }
    expect(compared).toBeGreaterThan(300);
  });

  it.each(ofCounts)('%s', (name) => {
    for (const { a, b, [name]: expected } of recorded.counts) {
      // Where the second row lacks a category, the divergence has no end.
      if (expected === null) expect(statistics[name](a, b)).toBe(Number.POSITIVE_INFINITY);
      else expectClose(statistics[name](a, b), expected, name, 1e-14);
    }
  });
});

describe('adjustments are those of SciPy and statsmodels', () => {
  it.each(['bonferroni', 'holm', 'benjamini-hochberg', 'benjamini-yekutieli'] as const)('%s', (method) => {
    for (const { ps, [method]: expected } of recorded.adjustments) {
      const found = statistics.adjustP(method, ps);
      expect(found).toHaveLength(expected.length);
      for (const [index, value] of expected.entries())
        expectClose(found[index] ?? Number.NaN, value, method, 1e-300, 1e-12);
    }
  });
});

describe('permutations are those of the same draws in Python', () => {
  it.each(recorded.andersonPermutations)(
    'of Anderson–Darling, $sizes $kind',
    ({ number, sizes, kind, shift, ...each }) => {
      const [n = 0, m = 0] = sizes;
      const a = sample(kind, `permuted a${number}`, n, 1, 0);
      const b = sample(kind, `permuted b${number}`, m, 1, shift);
      const { permutationP } = statistics.andersonDarling(a, b, each);
      expect(permutationP).toBeCloseTo(each.p, 12);
    },
  );

  it.each([
    ...recorded.quadraticDiscrepancies.map((each) => ({ ...each, method: 'quadratic', prefix: 'discrepancy' })),
    ...recorded.blockDiscrepancies.map((each) => ({ ...each, method: 'block', prefix: 'block' })),
  ])('of the $method discrepancy, $sizes $kind', ({ number, sizes, kind, shift, prefix, ...each }) => {
    const [n = 0, m = 0] = sizes;
    const a = sample(kind, `${prefix} a${number}`, n, 1, 0);
    const b = sample(kind, `${prefix} b${number}`, m, 1, shift);
    const found = statistics.maximumMeanDiscrepancy(a, b, { seed: each.seed, permutations: each.permutations });
    expect(found.method).toBe(each.method);
    expect(found.bandwidth).toBeCloseTo(each.bandwidth, 13);
    expect(found.statistic).toBeCloseTo(each.statistic, 13);
    expect(found.p).toBeCloseTo(each.p, 12);
  });
});

describe('distributions are those of SciPy', () => {
  it.each([
    ['kolmogorov', kolmogorovSurvival, 2e-13],
    ['smirnov', smirnovSurvival, 0],
    ['chiSquare', chiSquareSurvival, 1e-300],
    ['bessel', scaledBesselK, 0],
  ] as const)('%s', (name, distribution, absolute) => {
    for (const [first = 0, second = 0, expected = 0] of recorded[name]) {
      expectClose(distribution(first, second), expected, `${name} of ${first} and ${second}`, absolute);
    }
  });

  it('normal and Cramér–von Mises', () => {
    for (const [z = 0, expected = 0] of recorded.normal) expectClose(normalSurvival(z), expected, `${z}`, 0, 1e-12);
    for (const [x = 0, expected = 0] of recorded.cramerVonMises)
      expectClose(cramerVonMisesSurvival(x), expected, `${x}`, 1e-14);
  });
});
