import {
  adjustP,
  andersonDarling,
  chebyshev,
  chiSquare,
  cliffsDelta,
  cohensD,
  cramersV,
  cramerVonMises,
  effectThresholds,
  energyDistance,
  eppsSingleton,
  hellinger,
  jensenShannon,
  kolmogorovSmirnov,
  kullbackLeibler,
  magnitude,
  mannWhitney,
  maximumMeanDiscrepancy,
  populationStability,
  randomOf,
  standardisedMeanDifference,
  totalVariation,
  wasserstein,
} from '@holdfast/statistics';
import { upperGamma } from '@holdfast/statistics/special/incomplete-gamma';
import { medianDistance } from '@holdfast/statistics/special/median-distance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const values = expect.objectContaining({ code: 'HF_STATISTICS_VALUES', fix: expect.any(String) as string }) as Error;
const argument = expect.objectContaining({ code: 'HF_STATISTICS_ARGUMENT' }) as Error;

type Compare = (a: ArrayLike<number>, b: ArrayLike<number>) => unknown;

const ofValues: readonly Compare[] = [
  kolmogorovSmirnov,
  cramerVonMises,
  andersonDarling,
  mannWhitney,
  eppsSingleton,
  wasserstein,
  energyDistance,
  maximumMeanDiscrepancy,
  cliffsDelta,
  cohensD,
  standardisedMeanDifference,
];
const ofCounts: readonly Compare[] = [
  chiSquare,
  cramersV,
  jensenShannon,
  kullbackLeibler,
  populationStability,
  hellinger,
  totalVariation,
  chebyshev,
];
const named = (all: readonly Compare[]) => all.map((compare) => [compare.name, compare] as const);
const six = [1, 2, 3, 4, 5, 6];
const { NaN: nan, POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minusInfinity, MAX_VALUE: largest } = Number;

describe('values that are none', () => {
  it.each(named(ofValues))('are refused by %s', (_name, compare) => {
    for (const bad of [[], [nan], [...six, nan], [infinity, ...six], [minusInfinity, ...six]]) {
      expect(() => compare(bad, six)).toThrow(values);
      expect(() => compare(six, Float64Array.from(bad))).toThrow(values);
    }
  });

  it.each(named(ofCounts))('are refused by %s', (_name, compare) => {
    for (const bad of [[], [0, 0], [1, nan], [1, -1], [1, infinity], [1, 2, 3], [largest, largest]]) {
      expect(() => compare(bad, [1, 2])).toThrow(values);
      expect(() => compare([1, 2], bad)).toThrow(values);
    }
  });

  it('counts of χ² are whole', () => {
    expect(() => chiSquare([0.5, 1], [1, 2])).toThrow(values);
    expect(() => chiSquare([2 ** 53, 1], [1, 2])).toThrow(values);
  });

  it('options are in their range', () => {
    for (const emptyAs of [0, -1, nan, infinity])
      expect(() => populationStability([1], [1], { emptyAs })).toThrow(argument);
    for (const bandwidth of [0, -1, nan, infinity]) {
      expect(() => maximumMeanDiscrepancy(six, six, { bandwidth })).toThrow(argument);
    }
    expect(() => maximumMeanDiscrepancy(six, six, { permutations: 0 })).toThrow(argument);
    expect(() => andersonDarling(six, six, { permutations: 0.5 })).toThrow(argument);
    expect(() => andersonDarling(six, six, { permutations: 9, seed: 0.5 })).toThrow(argument);
  });

  it('chances are from 0 to 1, and an adjustment is known', () => {
    for (const ps of [[], [nan], [0.5, 1.1], [-0.1]]) expect(() => adjustP('holm', ps)).toThrow(values);
    expect(() => adjustP('hochberg' as 'holm', [0.5])).toThrow(argument);
  });
});

describe('too few values, or too much alike', () => {
  it('are refused where the statistic has no meaning', () => {
    expect(() => cramerVonMises([1], six)).toThrow(values);
    expect(() => andersonDarling([1], [2, 3])).toThrow(values);
    expect(() => andersonDarling([7, 7], [7, 7, 7])).toThrow(values);
    expect(() => eppsSingleton([1, 2, 3, 4], six)).toThrow(values);
    expect(() => eppsSingleton([5, 5, 5, 5, 5, 1], [5, 5, 5, 5, 5, 9])).toThrow(values);
    expect(() => maximumMeanDiscrepancy([1], six)).toThrow(values);
    expect(() => cohensD([1], six)).toThrow(values);
  });

  it('are no difference where all are equal', () => {
    const [few, many] = [new Float64Array(3).fill(0.1), new Float64Array(1000).fill(0.1)];
    for (const test of [kolmogorovSmirnov, cramerVonMises, mannWhitney, maximumMeanDiscrepancy]) {
      expect(test(few, few).p, test.name).toBe(1);
      expect(test(few, many).p, test.name).toBe(1);
    }
    for (const distance of [wasserstein, energyDistance, cliffsDelta, cohensD, standardisedMeanDifference]) {
      expect(distance(few, many), distance.name).toBe(0);
    }
    expect(maximumMeanDiscrepancy(new Float64Array(1500), new Float64Array(1200))).toMatchObject({
      statistic: 0,
      p: 1,
      bandwidth: 0,
    });
    expect(chiSquare([5], [9])).toMatchObject({ statistic: 0, p: 1, freedom: 0 });
    expect(cohensD([1, 1], [2, 2])).toBe(minusInfinity);
  });

  it('one value each tells nothing', () => {
    expect(kolmogorovSmirnov([1], [2])).toMatchObject({ statistic: 1, p: 1 });
    expect(mannWhitney([1], [2])).toMatchObject({ statistic: 0, p: 1, commonLanguage: 0 });
    expect([wasserstein([1], [2]), energyDistance([1], [2])]).toEqual([1, Math.SQRT2]);
  });

  it('zeros of either sign are equal', () => {
    expect(kolmogorovSmirnov([-0, 0, -0], [0, 0, 0]).statistic).toBe(0);
    expect(mannWhitney([-0], [0]).commonLanguage).toBe(0.5);
  });
});

describe('values of any size', () => {
  it('are compared, as long as their difference is a number', () => {
    const huge = six.map((value) => value * 1e300);
    const least = six.map((value) => value * Number.MIN_VALUE);
    for (const scaled of [huge, least]) {
      const moved = scaled.map((value) => value * 2);
      const expected = six.map((value) => value * 2);
      expect(kolmogorovSmirnov(scaled, moved).p).toBe(kolmogorovSmirnov(six, expected).p);
      expect(maximumMeanDiscrepancy(scaled, moved).p).toBe(maximumMeanDiscrepancy(six, expected).p);
      expect(cohensD(scaled, moved)).toBeCloseTo(cohensD(six, expected), 0);
    }
    expect(
      cohensD(
        huge,
        huge.map((value) => value * 2),
      ),
    ).toBeCloseTo(cohensD(six, [2, 4, 6, 8, 10, 12]), 12);
    expect(
      eppsSingleton(
        huge,
        huge.map((value) => value * 2),
      ).p,
    ).toBeCloseTo(eppsSingleton(six, [2, 4, 6, 8, 10, 12]).p, 9);
  });

  it('are refused, if it is not', () => {
    const far = [largest, largest, largest, largest, largest];
    const other = far.map((value) => -value);
    for (const compare of [wasserstein, energyDistance, maximumMeanDiscrepancy, eppsSingleton, cohensD]) {
      expect(() => compare(far, other), compare.name).toThrow(values);
    }
    for (const test of [kolmogorovSmirnov, cramerVonMises, mannWhitney])
      expect(test(far, other).p, test.name).toBeLessThan(0.01);
  });

  it('a gamma distribution that takes too long is no number', () => {
    expect(() => upperGamma(1e14, 1e14)).toThrow(
      expect.objectContaining({ code: 'HF_STATISTICS_CONVERGENCE' }) as Error,
    );
  });
});

describe('what holds for any samples', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
  const sample = fc.array(fc.oneof(finite, fc.integer({ min: -3, max: 3 })), { minLength: 2, maxLength: 30 });

  it('p is a chance, neither sample is first, and order counts for nothing', () => {
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        for (const test of [kolmogorovSmirnov, cramerVonMises, mannWhitney]) {
          const { p } = test(a, b);
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
          expect(test(b, a).p).toBeCloseTo(p, 12);
          expect(test(a.toReversed(), b).p).toBe(p);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('a distance is symmetric, no less than nothing, and nothing to itself', () => {
    const row = fc
      .array(fc.nat(50), { minLength: 4, maxLength: 4 })
      .map(([first = 0, ...rest]) => [first + 1, ...rest]);
    fc.assert(
      fc.property(row, row, (a, b) => {
        for (const distance of [jensenShannon, populationStability, hellinger, totalVariation, chebyshev, cramersV]) {
          expect(distance(a, a)).toBeCloseTo(0, 7);
          expect(distance(a, b)).toBeGreaterThanOrEqual(0);
          expect(distance(a, b)).toBeCloseTo(distance(b, a), 12);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('the median of all distances is that of their list', () => {
    fc.assert(
      fc.property(sample, (list) => {
        const sorted = Float64Array.from(list).sort();
        const all = [...sorted]
          .flatMap((x, i) => [...sorted.subarray(0, i)].map((y) => x - y))
          .filter((each) => each > 0);
        const ordered = all.toSorted((x, y) => x - y);
        const [low = 0, high = 0] = [ordered[(ordered.length - 1) >> 1], ordered[ordered.length >> 1]];
        expect(medianDistance(sorted)).toBe(ordered.length === 0 ? 0 : low + (high - low) / 2);
      }),
      { numRuns: 200 },
    );
  });

  it('many values take no recursion', () => {
    const random = randomOf('many');
    const a = Float64Array.from({ length: 200_000 }, () => random.uniform());
    const b = Float64Array.from({ length: 150_000 }, () => random.uniform() + 0.01);
    expect(kolmogorovSmirnov(a, b)).toMatchObject({ method: 'asymptotic' });
    for (const test of [kolmogorovSmirnov, cramerVonMises, andersonDarling, mannWhitney]) {
      expect(test(a, b).p, test.name).toBeLessThan(0.002);
    }
    expect(wasserstein(a, b)).toBeCloseTo(0.01, 2);
  });
});

describe('the name of an effect', () => {
  it('is that of the literature, whatever its sign', () => {
    const sizes = [0.1, -0.147, 0.33, -0.9].map((effect) => magnitude(effect, effectThresholds.cliffsDelta));
    expect(sizes).toEqual(['negligible', 'small', 'medium', 'large']);
    expect(magnitude(0.2, effectThresholds.populationStability)).toBe('small');
    for (const { small, medium, large, source } of Object.values(effectThresholds)) {
      expect(small < medium && medium <= large && /\(\d{4}\)/u.test(source)).toBe(true);
    }
  });
});
