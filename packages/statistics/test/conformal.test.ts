import {
  bettingFunction,
  conformalThreshold,
  mixturePayoff,
  nextEvidence,
  payoff,
  randomOf,
  rankPValue,
} from '@holdfast/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const refused = (code: string) => expect.objectContaining({ code }) as Error;

/** By Simpson's rule, from `low` to 1. */
function integral(of: (p: number) => number, low: number, steps = 20_000): number {
  const width = (1 - low) / steps;
  let sum = of(low) + of(1);
  for (let at = 1; at < steps; at += 1) sum += of(low + at * width) * (at % 2 === 1 ? 4 : 2);
  return (sum * width) / 3;
}

describe('a threshold from held-out scores', () => {
  it('is the ⌈(1 − α)(n + 1)⌉-th smallest', () => {
    expect(conformalThreshold([5, 1, 4, 2, 3, 8, 6, 7, 9], 0.1)).toBe(9);
    expect(conformalThreshold([5, 1, 4, 2, 3, 8, 6, 7, 9], 0.2)).toBe(8);
    expect(
      conformalThreshold(
        Array.from({ length: 999 }, (_, at) => at + 1),
        0.001,
      ),
    ).toBe(999);
  });

  it('takes 1/α − 1 of them, and no NaN', () => {
    expect(() => conformalThreshold([1, 2, 3, 4, 5, 6, 7, 8], 0.1)).toThrow(refused('HF_STATISTICS_VALUES'));
    expect(() => conformalThreshold([1, Number.NaN], 0.5)).toThrow(refused('HF_STATISTICS_VALUES'));
    expect(() => conformalThreshold([1], 1)).toThrow(refused('HF_STATISTICS_ARGUMENT'));
  });

  it('is exceeded by exactly the part that it says, counting all orders', () => {
    // Of n + 1 exchangeable scores each is the new one as often as any: with n + 1 = 20 and α = 0.15, 3 of 20 are above the threshold.
    const scores = randomOf('orders').shuffle(Array.from({ length: 20 }, (_, at) => at));
    const above = scores.filter(
      (score) =>
        score >
        conformalThreshold(
          scores.filter((each) => each !== score),
          0.15,
        ),
    );
    expect(above).toHaveLength(3);
  });
});

describe('smoothed p-values', () => {
  it('of all orders of a bag with ties are uniform', () => {
    const bag = [1, 1, 2, 3, 3, 3, 4];
    // Each in turn is the new one; the p-values, each spread evenly over its interval, cover [0, 1] once.
    let covered = 0;
    for (const [at, each] of bag.entries()) {
      const others = bag.filter((_, other) => other !== at);
      const above = others.filter((other) => other > each).length;
      const equal = others.filter((other) => other === each).length;
      const [low, high] = [rankPValue(above, equal, 6, 1), rankPValue(above, equal, 6, 0)];
      expect(low).toBeCloseTo(bag.filter((other) => other > each).length / 7, 12);
      expect(high).toBeCloseTo(bag.filter((other) => other >= each).length / 7, 12);
      covered += (high - low) / bag.filter((other) => other === each).length;
    }
    expect(covered).toBeCloseTo(1, 12);
  });
});

describe('bets', () => {
  it('the mixture of power bets pays 1 on average, and at each point what the integral says', () => {
    // ∫∫ κ p^(κ−1) dκ dp from ε to 1 is 1 − (1 − ε)/ln(1/ε), which goes to 1 with ε, slowly.
    for (const low of [0.01, 0.1]) {
      expect(integral(mixturePayoff, low)).toBeCloseTo(1 - (1 - low) / Math.log(1 / low), 6);
    }
    // ∫ κ p^(κ−1) dκ over [0, 1], by the midpoint rule
    for (const p of [0.001, 0.05, 0.3, 0.9, 0.99999]) {
      let sum = 0;
      for (let at = 0; at < 2000; at += 1) sum += (((at + 0.5) / 2000) * p ** ((at + 0.5) / 2000 - 1)) / 2000;
      expect(mixturePayoff(p) / sum).toBeCloseTo(1, 4);
    }
    expect(mixturePayoff(1)).toBeCloseTo(0.5, 12);
  });

  const values = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 });

  it('fall, and pay at most 1 on average, even if a part of the p-values is as good as can be', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 0.02, 0.2), (of, contamination) => {
        const { edges, densities } = bettingFunction(of, { contamination });
        let average = 0;
        for (const [at, density] of densities.entries()) {
          average += density * (edges[at + 1]! - edges[at]!);
          if (at > 0) expect(density).toBeLessThanOrEqual(densities[at - 1]! + 1e-12);
          expect(density).toBeGreaterThan(0);
        }
        expect((1 - contamination) * average + contamination * densities[0]!).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('nothing where p-values are uniform, and much where they are small', () => {
    const uniform = Array.from({ length: 1000 }, (_, at) => (at + 0.5) / 1000);
    expect(payoff(bettingFunction(uniform), 0.001)).toBeCloseTo(1, 1);
    expect(payoff(bettingFunction(uniform.map((each) => each / 20)), 0.03)).toBeGreaterThan(10);
  });

  it('are refused for what is no p-value', () => {
    expect(() => bettingFunction([])).toThrow(refused('HF_STATISTICS_VALUES'));
    expect(() => bettingFunction([1.1])).toThrow(refused('HF_STATISTICS_VALUES'));
    expect(() => bettingFunction([Number.NaN])).toThrow(refused('HF_STATISTICS_VALUES'));
    expect(() => bettingFunction([0.5], { caution: 0 })).toThrow(refused('HF_STATISTICS_ARGUMENT'));
    expect(() => bettingFunction([0.5], { contamination: 1 })).toThrow(refused('HF_STATISTICS_ARGUMENT'));
  });
});

describe('evidence', () => {
  it('is the sum over all starts, worked out one by one', () => {
    const pays = [2, 0.5, 3, 0.1, 5, 1.5];
    let value = 0;
    for (const [at, pay] of pays.entries()) {
      value = nextEvidence(value, at + 1, pay);
      let sum = 0;
      for (let start = 0; start <= at; start += 1) {
        const weight = start === 0 ? 0.5 : 0.5 / ((start + 1) * start);
        sum += weight * pays.slice(start, at + 1).reduce((product, each) => product * each, 1);
      }
      expect(value).toBeCloseTo(sum, 10);
    }
  });

  it('reaches 1/α by chance no more often than α', () => {
    // 4,000 callers whose p-values are uniform, 200 each, with a bet that is fair: 1/α = 20.
    const random = randomOf('ville');
    let reached = 0;
    for (let caller = 0; caller < 4000; caller += 1) {
      let [value, most] = [0, 0];
      for (let step = 1; step <= 200; step += 1) {
        value = nextEvidence(value, step, mixturePayoff(random.uniform()));
        most = Math.max(most, value);
      }
      reached += Number(most >= 20);
    }
    // Three deviations of a binomial count of chance 0.05 above its mean.
    expect(reached).toBeLessThan(200 + 3 * Math.sqrt(190));
    expect(reached).toBeGreaterThan(0);
  });

  it('stays finite', () => {
    let value = 0;
    for (let step = 1; step <= 2000; step += 1) value = nextEvidence(value, step, 1000);
    expect(value).toBe(1e200);
  });
});
