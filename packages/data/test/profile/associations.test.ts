import { profilePage } from '@holdfast/data';
import { datasetProfileSchema } from '@holdfast/evidence/predicates/dataset-profile';
import { describe, expect, test } from 'vitest';
import { categoryAssociations } from '../../src/profile/associations/category-association.ts';
import { rankCorrelations } from '../../src/profile/associations/rank-correlation.ts';
import { published } from '../anomaly/published-tables.ts';
import { holdTable } from './recorded-associations.ts';
import { profileOfText } from './scene.ts';

test.for(['german', 'pima-indians-diabetes'])('columns of %s go together as SciPy says', async (name, context) => {
  const path = published(`${name}.csv`, (reason) => {
    context.skip(reason);
  });
  await holdTable(name, path);
});

describe('ranks', () => {
  test('of five athletes, one tie: 1 − 6 Σd² / n(n² − 1) does not hold, the ranks themselves do', async () => {
    // ranks 1 2.5 2.5 4 5 and 2 1 3 5 4: Σ(r − 3)(s − 3) = 7, Σ(r − 3)² = 9.5, Σ(s − 3)² = 10
    const [, second] = await rankCorrelations([Float64Array.of(10, 20, 20, 30, 40), Float64Array.of(5, 1, 7, 90, 8)]);
    expect(second?.[0]).toBeCloseTo(7 / Math.sqrt(95), 15);
  });

  test('are of the rows that have both values; what does not vary there has none', async () => {
    const gap = Number.NaN;
    const columns = [Float64Array.of(1, 2, 3, gap), Float64Array.of(9, 4, gap, 100), Float64Array.of(7, 7, gap, 1)];
    // ranks 2 1 3 and 2.5 2.5 1 of the last two: -1.5 / √(2 · 1.5)
    const last = expect.closeTo(-Math.sqrt(3) / 2, 14) as number;
    expect(await rankCorrelations(columns)).toEqual([
      [1, -1, null],
      [-1, 1, last],
      [null, last, 1],
    ]);
  });
});

test('categories that tell each other have 1, those in all combinations 0, and one value none', async () => {
  const columns = [
    Int32Array.of(0, 0, 1, 1, -1),
    Int32Array.of(1, 1, 0, 0, 2),
    Int32Array.of(0, 1, 0, 1, 0),
    Int32Array.of(0, 0, 0, 0, 1),
  ];
  const [first] = await categoryAssociations(columns);
  expect(first).toEqual([1, 1, 0, null]);
});

describe('a profile', () => {
  test('has them in its evidence and on its page, in parts as in the whole', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, at) => `${at % 7},${at % 7 > 3 ? at : ''},${'abc'[at % 3] ?? ''},${at % 2 === 0 ? 'x' : 'y'}`,
    );
    const text = ['n,m,k,l', ...lines].join('\n');
    const whole = await profileOfText(text);
    expect(whole.associations?.map(({ method, columns }) => [method, columns])).toEqual([
      ['spearman', ['n', 'm']],
      ['cramers-v', ['k', 'l']],
    ]);
    const parts = [lines.slice(0, 6), lines.slice(6, 40), lines.slice(40)].map((some) =>
      ['n,m,k,l', ...some].join('\n'),
    );
    expect((await profileOfText(parts)).associations).toEqual(whole.associations);
    expect(datasetProfileSchema.safeParse(whole).success).toBe(true);
    expect(profilePage(whole, { name: 'x' })).toMatch(/Correlations of ranks.*Cramér’s V/s);
    expect((await profileOfText(text, { correlations: false })).associations).toBeUndefined();
  });
});
