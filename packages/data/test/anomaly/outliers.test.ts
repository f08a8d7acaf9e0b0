import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ecodScores } from '@holdfast/data/anomaly/outliers/ecod';
import { isolationScores } from '@holdfast/data/anomaly/outliers/isolation-forest';
import { neighbourDistances, scaledPoints } from '@holdfast/data/anomaly/outliers/nearest';
import { outliers } from '@holdfast/data/anomaly/outliers/outliers';
import { fencesOf } from '@holdfast/data/anomaly/ranges/fences';
import { randomOf } from '@holdfast/statistics';
import { describe, expect, test } from 'vitest';

interface Recorded {
  readonly versions: Readonly<Record<string, string>>;
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly ecod: readonly number[];
  readonly ecodOfLast50After100: readonly number[];
  readonly fifthNeighbour: readonly number[];
  readonly isolation: readonly number[];
  readonly isolationSeeds: readonly (readonly number[])[];
}

/** What tools/peers/record-anomaly.py saw; the versions stand in it. */
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as Recorded;
const columns = Object.values(recorded.columns).map((values) => Float64Array.from(values));

function ranks(values: ArrayLike<number>): number[] {
  const all = Array.from(values);
  return all.map(
    (value) => all.filter((other) => other < value).length + all.filter((other) => other === value).length / 2,
  );
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, each, index) => sum + (each - mean(a)) * (b[index]! - mean(b)), 0);
  return product(one, other) / Math.sqrt(product(one, one) * product(other, other));
}

describe('beside pyod and scikit-learn', () => {
  test('ECOD has the scores of pyod, to 1e-9', () => {
    const scores = ecodScores(columns);
    expect(scores).toHaveLength(150);
    for (const [row, score] of scores.entries()) expect(Math.abs(score - recorded.ecod[row]!)).toBeLessThan(1e-9);
  });

  test('ECOD of rows beside those that it knew has the scores of pyod’s decision_function', () => {
    const scores = ecodScores(columns).slice(100);
    for (const [row, score] of scores.entries()) {
      expect(Math.abs(score - recorded.ecodOfLast50After100[row]!)).toBeLessThan(1e-9);
    }
  });

  test('the distance to the fifth neighbour is that of NearestNeighbors on standardised columns', () => {
    const all = Uint32Array.from({ length: 150 }, (_, row) => row);
    const distances = neighbourDistances(scaledPoints(columns), all, 5);
    for (const [row, distance] of distances.entries()) expect(distance).toBeCloseTo(recorded.fifthNeighbour[row]!, 9);
  });

  test('isolation scores go with those of scikit-learn as those of two of its seeds go with each other', () => {
    const all = Uint32Array.from({ length: 150 }, (_, row) => row);
    const scores = isolationScores(scaledPoints(columns), all, { seed: '0' });
    const seeds = recorded.isolationSeeds.map((each) => ranks(each));
    const usual = Math.min(correlation(seeds[0]!, seeds[1]!), correlation(seeds[1]!, seeds[2]!));
    expect(correlation(ranks(scores), ranks(recorded.isolation))).toBeGreaterThan(usual - 0.02);
    const difference = scores.map((score, row) => Math.abs(score - recorded.isolation[row]!));
    expect(Math.max(...difference)).toBeLessThan(0.06);
  });
});

describe('thresholds', () => {
  const random = randomOf('outliers');
  const normal = (rows: number): Float64Array => Float64Array.from({ length: rows }, () => random.normal());
  const options = { falseAlarms: 0.02, top: 5, neighbours: 5, seed: '0' };
  const read = (rows: number, reference: number, made: readonly Float64Array[]) => ({
    names: made.map((_, index) => `c${index}`),
    columns: made,
    places: Array.from({ length: rows }, (_, row) => ({ part: 0, row: row + 1 })),
    reference,
  });

  test('of rows like those of the reference no more are named than the false alarms that were asked for', () => {
    let named = 0;
    for (let run = 0; run < 5; run += 1)
      named += outliers(read(200, 400, [normal(600), normal(600)]), options).named.length;
    // 1000 rows, at most 2 % of them: 20 expected at most, standard deviation below 7 (thresholds vary, too).
    expect(named).toBeGreaterThan(3);
    expect(named).toBeLessThan(20 + 4 * 7);
  });

  test('rows that were moved far away are named, first of all', () => {
    const made = [normal(600), normal(600)];
    for (const column of made) for (const row of [3, 40, 77]) column[row] = 30 + row / 100;
    const found = outliers(read(200, 400, made), options);
    expect(found.named.slice(0, 3).toSorted((a, b) => a - b)).toEqual([3, 40, 77]);
    expect(found.agreed).toBeGreaterThanOrEqual(3);
  });

  test('a reference that is too small for the rate names nothing', () => {
    const found = outliers(read(200, 50, [normal(250)]), { ...options, falseAlarms: 0.001 });
    expect(found.named).toEqual([]);
  });

  test('the isolation forest names nothing that neither of the others names', () => {
    const found = outliers(read(300, 0, [normal(300), normal(300), normal(300)]), options);
    expect(found.named.length).toBe(new Set(found.named).size);
    expect(found.named.length).toBeLessThanOrEqual(found.byEcod + found.byNeighbours);
    expect(found.byEcod).toBe(5);
  });

  test('of rows that are all the same none is farthest', () => {
    const same = new Float64Array(100).fill(1);
    expect(outliers(read(100, 0, [same]), options).named).toEqual([]);
  });

  test('infinite numbers have their rank, and are no distance that is NaN', () => {
    const column = normal(100);
    column[7] = Number.POSITIVE_INFINITY;
    column[9] = Number.NEGATIVE_INFINITY;
    const scores = ecodScores([column]);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(scores[7]).toBeCloseTo(Math.log(100), 12);
    expect(scaledPoints([column]).values.every(Number.isFinite)).toBe(true);
  });
});

test('fences are those of the definitions, worked out by hand', () => {
  // quartiles 2, 3, 4 (type 7) of 1…5: Tukey 2 − 3·2 … 4 + 3·2; MAD 1: 3 ± 3.5/0.6745
  expect(fencesOf(Float64Array.of(1, 2, 3, 4, 5))).toEqual({ low: -4, high: 10 });
  expect(fencesOf(Float64Array.of(0, 0, 0, 0, 9))).toBeUndefined();
  expect(fencesOf(new Float64Array())).toBeUndefined();
});
