import { readFileSync } from 'node:fs';
import { randomOf } from '@holdfast/statistics';
import { expect, test } from 'vitest';
import { groupsOf } from '../../../src/poison/embedded/clusters.ts';
import { principalComponents, spectralScores } from '../../../src/poison/embedded/principal-components.ts';
import { twoMeans } from '../../../src/poison/embedded/two-means.ts';

/** tools/peers/record-poison.py, with NumPy and scikit-learn. */
const recorded = JSON.parse(readFileSync(new URL('../recorded/digits.json', import.meta.url), 'utf8')) as Record<
  'variances' | 'scores' | 'fewVariances' | 'fewScores',
  number[]
> & {
  rows: number[][];
  inertia: number;
  smaller: number;
};
const vectors = Float64Array.from(recorded.rows.flat());

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [at, value] of expected.entries()) {
    expect(Math.abs((found[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  }
}

test('variances along the directions and spectral scores are those of a singular value decomposition', () => {
  const components = principalComponents(vectors, 64, 10);
  expectClose(components.variances, recorded.variances);
  expectClose(spectralScores(components), recorded.scores);
});

test('the same with fewer rows than columns', () => {
  const components = principalComponents(vectors.slice(0, 20 * 64), 64, 10);
  expectClose(components.variances, recorded.fewVariances);
  expectClose(spectralScores(components), recorded.fewScores);
});

test('two clusters are as tight as those of the best of a hundred starts', () => {
  const division = twoMeans(principalComponents(vectors, 64, 10), randomOf('0'));
  expect(division.inertia).toBeCloseTo(recorded.inertia, 6);
  expect(division.smaller).toBe(recorded.smaller);
});

test('vectors that are all one have no direction, and no groups that differ', () => {
  const same = principalComponents(new Float64Array(40 * 3).fill(2), 3, 10);
  expect([same.width, [...spectralScores(same)].every((score) => score === 0)]).toEqual([0, true]);
  for (const group of groupsOf(same, randomOf('0'))) expect(group.length).toBeGreaterThanOrEqual(5);
});
