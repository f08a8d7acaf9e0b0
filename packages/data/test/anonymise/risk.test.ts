import { classFigure } from '@holdfast/data/anonymise/risk/class-figure';
import { populationUniques, risksOf } from '@holdfast/data/anonymise/risk/risk';
import { suggestedRoles } from '@holdfast/data/anonymise/roles';
import { entities } from '@holdfast/data/pii/kinds/kinds';
import { describe, expect, test } from 'vitest';

describe('the risk of being recognised', () => {
  // Classes of 1, 2, 3 and 4 rows; in the population they are 2, 4, 3 and 40 people.
  const [sizes, population] = [
    [1, 2, 3, 4],
    [2, 4, 3, 40],
  ] as const;

  test('of a prosecutor is one by the rows of a class', () => {
    expect(risksOf(sizes, 0.34)).toEqual({
      ...{ rows: 10, classes: 4, unique: 1, smallest: 1 },
      prosecutor: { highest: 1, atRisk: 3 / 10, average: expect.closeTo(4 / 10, 12) as number },
      marketer: expect.closeTo(4 / 10, 12) as number,
    });
  });

  test('of a journalist is one by the people of the population', () => {
    const found = risksOf(sizes, 0.3, population);
    const marketer = (1 / 2 + 2 / 4 + 3 / 3 + 4 / 40) / 10;
    expect(found.journalist).toEqual({
      highest: 1 / 2,
      atRisk: 4 / 10,
      average: expect.closeTo(Math.max(4 / 49, marketer), 12) as number,
    });
    expect(found.marketer).toBeCloseTo(marketer, 12);
  });

  test('is at risk above the threshold, not at it; of no rows there is none', () => {
    expect(risksOf([5, 5], 0.2).prosecutor.atRisk).toBe(0);
    expect(risksOf([5, 4], 0.2).prosecutor.atRisk).toBe(4 / 9);
    expect(risksOf([], 0.2)).toMatchObject({
      rows: 0,
      smallest: 0,
      marketer: 0,
      prosecutor: { highest: 0, atRisk: 0 },
    });
  });

  test('of all people is that of the sample, where the sample is all of them', () => {
    expect(populationUniques([1, 1, 2, 3], 7)).toBeCloseTo(2 / 7, 12);
    expect(populationUniques([2, 2], 100)).toBe(0);
  });

  test('of a sample is that of Zayatz, with each chance by counting all samples', () => {
    // Two classes of one row and one of two: p1 = 2/3, p2 = 1/3; 4 of 6 people were drawn.
    const samples = [...Array.from({ length: 64 }).keys()].filter(
      (each) => each.toString(2).replaceAll('0', '').length === 4,
    );
    const drawn = (people: number): number =>
      samples.filter((each) => (each & (2 ** people - 1)).toString(2).replaceAll('0', '').length === 1).length /
      samples.length;
    const unique = ((2 / 3) * drawn(1)) / ((2 / 3) * drawn(1) + (1 / 3) * drawn(2));
    expect(populationUniques([1, 1, 2], 6)).toBeCloseTo((2 * unique) / 4, 12);
  });

  test('is seen by the sizes of classes', () => {
    const { specification } = classFigure([1, 1, 2, 4], [8, 20_000]);
    const { values } = specification['data'] as { values: { table: string; size: string; rows: number }[] };
    expect(values.filter(({ rows }) => rows > 0)).toEqual([
      { table: 'before', size: '1', rows: 2 },
      { table: 'before', size: '2', rows: 2 },
      { table: 'before', size: '3–4', rows: 4 },
      { table: 'after', size: '5–9', rows: 8 },
      { table: 'after', size: '10000 or more', rows: 20_000 },
    ]);
  });
});

test('no kind of secret and no number that stands for somebody is suggested to be kept', () => {
  // Read one by one: of these a table keeps the values, coarser or as they are. All else is left out.
  const kept = {
    quasi:
      'date-of-birth date-of-birth-in-words geo-coordinates postal-code city county latitude-or-longitude sex race-or-ethnicity nationality marital-status age occupation year-of-birth day-of-care',
    sensitive: 'religion political-opinion trade-union sexual-orientation health criminal-record income icd-10',
  };
  const roles = suggestedRoles(Object.fromEntries([...entities.keys()].map((name) => [name, [name]])));
  for (const [role, names] of Object.entries(kept)) {
    const found = Object.entries(roles).flatMap(([name, each]) => (each === role ? [name] : []));
    expect(found.sort(), role).toEqual(names.split(' ').sort());
  }
  expect(Object.values(roles)).not.toContain('insensitive');
});

test('roles are suggested by what was found in a column', () => {
  expect(
    suggestedRoles({
      a: ['email'],
      b: ['date-of-birth'],
      c: ['sex'],
      d: ['race-or-ethnicity'],
      e: ['postcode', 'phone-number'],
      f: ['us-social-security-number'],
      g: ['health-insurance-number'],
      h: [],
      i: ['person-name'],
      j: ['diagnosis'],
      k: ['icd-10'],
      l: ['day-of-care'],
      m: ['genetic-or-biometric'],
      n: ['sexual-orientation'],
    }),
  ).toEqual({
    // what is sensitive is kept as it is, and race is seen by whoever meets somebody
    ...{ a: 'identifying', b: 'quasi', c: 'quasi', d: 'quasi', e: 'identifying', f: 'identifying' },
    ...{ g: 'identifying', h: 'insensitive', i: 'identifying', j: 'sensitive' },
    ...{ k: 'sensitive', l: 'quasi', m: 'identifying', n: 'sensitive' },
  });
});
