import { discreteGaussian, discreteLaplace, exponentialBernoulli } from '@holdfast/data/mask/noise/discrete-noise';
import { secretSource, seededSource } from '@holdfast/data/mask/noise/random-source';
import { describe, expect, test } from 'vitest';
import { cellOf, transformation } from './mask-scene.ts';

/** Pearson's χ² of counts against probabilities over −edge … edge, everything beyond in one class at each end. */
function chiSquare(draws: readonly number[], edge: number, probability: (value: number) => number): number {
  const inner = Array.from({ length: 2 * edge + 1 }, (_, at) => at - edge);
  const expected = inner.map((value) => probability(value) * draws.length);
  const counts = inner.map((value) => draws.filter((draw) => draw === value).length);
  const rest = draws.length - counts.reduce((sum, count) => sum + count, 0);
  const restExpected = draws.length - expected.reduce((sum, count) => sum + count, 0);
  const terms = counts.map((count, at) => (count - expected[at]!) ** 2 / expected[at]!);
  return terms.reduce((sum, term) => sum + term, 0) + (rest - restExpected) ** 2 / restExpected;
}

const many = 40_000;
const drawn = (sample: () => bigint): number[] => Array.from({ length: many }, () => Number(sample()));

describe('the samplers', () => {
  test('exp(−γ) is as likely as it should be', () => {
    const source = seededSource('bernoulli');
    for (const [part, over] of [
      [0n, 1n],
      [1n, 3n],
      [1n, 1n],
      [5n, 2n],
    ] as const) {
      const hits = drawn(() => (exponentialBernoulli({ part, over }, source) ? 1n : 0n)).filter(
        (hit) => hit === 1,
      ).length;
      const chance = Math.exp(-Number(part) / Number(over));
      expect(Math.abs(hits - many * chance)).toBeLessThanOrEqual(4 * Math.sqrt(many * chance * (1 - chance)));
    }
  });

  test.each([
    [1n, 1n, 6],
    [7n, 2n, 14],
    [2n, 5n, 2],
  ])('the discrete Laplace distribution of scale %s/%s has its closed form', (part, over, edge) => {
    const source = seededSource('laplace');
    const draws = drawn(() => discreteLaplace({ part, over }, source));
    const q = Math.exp(-Number(over) / Number(part));
    const square = chiSquare(draws, edge, (value) => ((1 - q) / (1 + q)) * q ** Math.abs(value));
    // mean plus four standard deviations of χ² with 2 · edge + 1 degrees of freedom
    const freedom = 2 * edge + 1;
    expect(square).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });

  test.each([
    [1n, 1n, 3],
    [5n, 2n, 7],
  ])('the discrete Gaussian distribution of deviation %s/%s has its closed form', (part, over, edge) => {
    const source = seededSource('gaussian');
    const draws = drawn(() => discreteGaussian({ part, over }, source));
    const variance = (Number(part) / Number(over)) ** 2;
    const weight = (value: number): number => Math.exp(-(value ** 2) / (2 * variance));
    const all = Array.from({ length: 201 }, (_, at) => weight(at - 100)).reduce((sum, each) => sum + each, 0);
    const freedom = 2 * edge + 1;
    expect(chiSquare(draws, edge, (value) => weight(value) / all)).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
  });

  test('a seed repeats, the operating system does not', () => {
    const four = (source: ReturnType<typeof secretSource>): bigint[] =>
      Array.from({ length: 4 }, () => source.below(2n ** 64n));
    expect(four(seededSource('a'))).toEqual(four(seededSource('a')));
    expect(four(seededSource('a'))).not.toEqual(four(seededSource('b')));
    expect(four(secretSource())).not.toEqual(four(secretSource()));
  });

  test('numbers are below their bound, and all of them come', () => {
    const source = seededSource('below');
    for (const bound of [1n, 2n, 5n, 256n, 257n]) {
      const seen = new Set(Array.from({ length: 4000 }, () => source.below(bound)));
      expect([...seen].every((each) => each >= 0n && each < bound)).toBe(true);
      expect(BigInt(seen.size)).toBe(bound);
    }
  });
});

describe('noise', () => {
  const plan = { method: 'noise', scale: 1, seed: 'test' };

  test.each([
    ['12.3', { grid: '0.5' }, /^-?\d+(?:\.5)?$/],
    ['7', {}, /^-?\d+$/],
    ['9007199254740993', {}, /^90071992547409\d\d$/],
    ['1e+16', {}, /^(?:1|9)\d{15,16}$/],
  ])('%s becomes a multiple of the grid', (text, more, expected) => {
    expect(cellOf({ ...plan, ...more }, text)).toMatch(expected);
  });

  test('bounds come before the noise', () => {
    const spread = (text: string): number[] => {
      const noisy = transformation({ ...plan, least: 0, greatest: 100 });
      return Array.from({ length: 200 }, () => Number(noisy.transform(text, [])));
    };
    expect(spread('1000000')).toEqual(spread('100'));
    expect(spread('-5')).toEqual(spread('0'));
  });

  test('ε is the range over the scale, where all that it needs is given', () => {
    const epsilon = (more: object): number | undefined =>
      transformation({ method: 'noise', scale: 50, ...more }).epsilon;
    expect(epsilon({ least: 0, greatest: 100 })).toBe(2);
    expect(epsilon({ least: 0, greatest: 100, grid: 10 })).toBe(2);
    expect(epsilon({ least: 0 })).toBeUndefined();
    expect(epsilon({})).toBeUndefined();
    expect(epsilon({ least: 0, greatest: 100, seed: 's' })).toBeUndefined();
    expect(epsilon({ least: 0, greatest: 100, distribution: 'gaussian' })).toBeUndefined();
  });

  test('of whole numbers stays within 64 bits, of others is a float64 or a text', () => {
    const type = (of: 'integer' | 'number' | 'text' | 'decimal', grid = 1): string | undefined =>
      transformation({ method: 'noise', scale: 1, grid }, { type: of }).type;
    expect([type('integer'), type('integer', 0.5), type('number'), type('decimal'), type('text')]).toEqual([
      ...['BIGINT', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'VARCHAR'],
    ]);
    expect(cellOf(plan, '99999999999999999999', { type: 'integer' })).toBe('?out-of-range');
  });

  test.each(['inf', '-inf', 'nan', '', 'many', '\u202e12'])('`%s` is no number', (text) => {
    expect(cellOf(plan, text)).toBe('?not-a-number');
  });
});
