import { equalDistance, hierarchicalDistance, orderedDistance } from '@holdfast/data/anonymise/criteria/closeness';
import { differentValues, diversity, entropy } from '@holdfast/data/anonymise/criteria/diversity';
import { hierarchyOf } from '@holdfast/data/anonymise/hierarchy/hierarchy';
import { maskHierarchy } from '@holdfast/data/anonymise/hierarchy/masking';
import { treeHierarchy } from '@holdfast/data/anonymise/hierarchy/tree';
import { coarser, combinationsOf } from '@holdfast/data/anonymise/search/classes';
import type { Histograms } from '@holdfast/data/anonymise/search/histograms';
import { utilityOf } from '@holdfast/data/anonymise/utility/utility';
import { describe, expect, test } from 'vitest';

/** One class with so many rows of each value. */
function histogram(counts: readonly number[]): Histograms {
  const codes = counts.flatMap((count, code) => (count > 0 ? [code] : []));
  return {
    values: counts.length,
    starts: Int32Array.of(0, codes.length),
    codes: Int32Array.from(codes),
    rows: Int32Array.from(codes, (code) => counts[code] ?? 0),
  };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

describe('Li, Li and Venkatasubramanian, t-closeness (ICDE 2007)', () => {
  // Table 3: salaries 3K to 11K, one of each. Section 4.2: D = 0.375 of {3K, 4K, 5K}, 0.167 of {6K, 8K, 11K}.
  const salaries = Float64Array.from({ length: 9 }, () => 1);
  test.each([
    [[1, 1, 1, 0, 0, 0, 0, 0, 0], 0.375],
    [[0, 0, 0, 1, 0, 1, 0, 0, 1], 0.167],
  ])('the salaries %j are %f from the whole', (counts, expected) => {
    expect(orderedDistance(salaries)(histogram(counts), 0, total(counts))).toBeCloseTo(expected, 3);
  });

  // Figure 1, and section 4.2: 0.5 of {gastric ulcer, gastritis, stomach cancer}, 0.278 of {gastric ulcer, stomach cancer, pneumonia}.
  // That is with each of the six diseases of table 3 as frequent as the others, although there some are twice in nine rows.
  const diseases = ['gastric ulcer', 'gastritis', 'stomach cancer', 'flu', 'pneumonia', 'bronchitis'];
  const tree = {
    'respiratory system diseases': {
      'respiratory infection': ['flu', 'pneumonia', 'bronchitis'],
      'vascular lung diseases': ['pulmonary edema', 'pulmonary embolism'],
    },
    'digestive system diseases': {
      'stomach diseases': ['gastric ulcer', 'stomach cancer', 'gastritis'],
      'colon diseases': ['colitis', 'colon cancer'],
    },
  };
  test.each([
    [[1, 1, 1, 0, 0, 0], 0.5],
    [[1, 0, 1, 0, 1, 0], 0.278],
  ])('the diseases %j are %f from the whole', (counts, expected) => {
    const distance = hierarchicalDistance(new Float64Array(6).fill(1), treeHierarchy('disease', diseases, tree));
    expect(distance(histogram(counts), 0, 3)).toBeCloseTo(expected, 3);
  });

  test('with the rows of table 3 it is 4/9 and 7/27', () => {
    const whole = Float64Array.of(1, 2, 2, 1, 1, 2);
    const distance = hierarchicalDistance(whole, treeHierarchy('disease', diseases, tree));
    expect(distance(histogram([1, 1, 1, 0, 0, 0]), 0, 3)).toBeCloseTo(4 / 9, 12);
    expect(distance(histogram([1, 0, 1, 0, 1, 0]), 0, 3)).toBeCloseTo(7 / 27, 12);
  });

  test('values that are all as far apart are half the sum of differences', () => {
    const distance = equalDistance(Float64Array.of(5, 3, 2));
    expect(distance(histogram([1, 0, 1]), 0, 2)).toBeCloseTo((0 + 0.3 + 0.3) / 2, 12);
  });
});

describe('Machanavajjhala et al., l-diversity (ICDE 2006)', () => {
  // Figure 1: zip code, age and condition of twelve inpatients; figures 2 and 3 are made of it.
  const patients = [
    ['13053', 28, 'heart'],
    ['13068', 29, 'heart'],
    ['13068', 21, 'viral'],
    ['13053', 23, 'viral'],
    ['14853', 50, 'cancer'],
    ['14853', 55, 'heart'],
    ['14850', 47, 'viral'],
    ['14850', 49, 'viral'],
    ['13053', 31, 'cancer'],
    ['13053', 37, 'cancer'],
    ['13068', 36, 'cancer'],
    ['13068', 35, 'cancer'],
  ] as const;
  const values = <T>(of: readonly T[]): T[] => [...new Set(of)];
  const zips = values(patients.map(([zip]) => zip));
  const ages = values(patients.map(([, age]) => String(age)));
  const conditions = values(patients.map(([, , condition]) => condition));
  const bands = (labelOf: (age: number) => string): { name: string; labels: string[] } => ({
    name: 'bands',
    labels: ages.map((age) => labelOf(Number(age))),
  });

  /** Classes with so many characters of the zip code masked, and ages in bands. */
  function classes(masked: number, labelOf: (age: number) => string) {
    const hierarchies = [maskHierarchy('zip', zips, [masked]), hierarchyOf('age', ages, [bands(labelOf)])];
    const codes = [
      Int32Array.from(patients, ([zip]) => zips.indexOf(zip)),
      Int32Array.from(patients, ([, age]) => ages.indexOf(String(age))),
    ];
    const sensitive = {
      codes: Int32Array.from(patients, ([, , condition]) => conditions.indexOf(condition)),
      values: 3,
    };
    const combinations = combinationsOf(hierarchies, codes, patients.length, [sensitive]);
    return coarser(combinations, combinations.finest, [1, 1]).classes;
  }

  const holds = (
    found: ReturnType<typeof classes>,
    kind: 'distinct' | 'entropy' | 'recursive',
    l: number,
    c = 3,
  ): boolean =>
    Array.from(found.rows).every((rows, id) =>
      diversity('condition', 0, { kind, l, c }).holds(found.sensitive[0], id, rows),
    );

  test('figure 2 is 4-anonymous, and one of its blocks has one condition only', () => {
    const found = classes(2, (age) => (age < 30 ? '< 30' : age >= 40 ? '>= 40' : '3*'));
    expect([...found.rows]).toEqual([4, 4, 4]);
    expect(Array.from(found.rows, (_, id) => differentValues(found.sensitive[0] ?? histogram([]), id))).toEqual([
      2, 3, 1,
    ]);
    expect(holds(found, 'distinct', 2)).toBe(false);
  });

  test('figure 3 is 3-diverse', () => {
    const found = classes(1, (age) => (age <= 40 ? '<= 40' : '> 40'));
    expect([...found.rows]).toEqual([4, 4, 4]);
    expect(holds(found, 'distinct', 3)).toBe(true);
    expect(holds(found, 'distinct', 4)).toBe(false);
    // Blocks have 2, 1 and 1 rows of a condition: entropy 1.5 bits, so that e^entropy = 2 √2.
    expect(Array.from(found.rows, (rows, id) => entropy(found.sensitive[0] ?? histogram([]), id, rows))).toEqual([
      expect.closeTo(Math.log(2 * Math.SQRT2), 12),
      expect.closeTo(Math.log(2 * Math.SQRT2), 12),
      expect.closeTo(Math.log(2 * Math.SQRT2), 12),
    ]);
    expect([holds(found, 'entropy', 2.82), holds(found, 'entropy', 2.83)]).toEqual([true, false]);
    // r1 = 2 < c (r2 + r3) = 2 c, but not for c = 1.
    expect([holds(found, 'recursive', 2, 1.01), holds(found, 'recursive', 2, 1)]).toEqual([true, false]);
    expect([holds(found, 'recursive', 3, 2.01), holds(found, 'recursive', 3, 2)]).toEqual([true, false]);
  });
});

describe('Sweeney, achieving k-anonymity (2002)', () => {
  // Figure 5: private table of races and zip codes, twelve different ones; here race has one level above its values, zip code two.
  const races = ['asian', 'black', 'white'];
  const zips = ['02138', '02139', '02141', '02142'];
  const pairs = races.flatMap((race) => zips.map((zip) => [race, zip] as const));
  const hierarchies = [
    hierarchyOf('race', races, [{ name: 'person', labels: races.map(() => 'person') }]),
    maskHierarchy('zip', zips, [1, 2]),
  ];
  const codes = [
    Int32Array.from(pairs, ([race]) => races.indexOf(race)),
    Int32Array.from(pairs, ([, zip]) => zips.indexOf(zip)),
  ];
  const combinations = combinationsOf(hierarchies, codes, pairs.length, []);

  test.each([
    [[0, 0], 1],
    [[1, 0], 3],
    [[0, 1], 2],
    [[1, 1], 6],
    [[0, 2], 4],
    [[1, 2], 12],
  ])('the generalisation to levels %j is %i-anonymous', (levels, k) => {
    const { classes } = coarser(combinations, combinations.finest, levels);
    expect(Math.min(...classes.rows)).toBe(k);
  });

  test('precision counts levels, loss counts what a cell may be', () => {
    const values = codes.map((all, at) => ({
      counts: Float64Array.from(
        hierarchies[at]?.values ?? [],
        (_, value) => all.filter((code) => code === value).length,
      ),
    }));
    const scene = { hierarchies, values, rows: pairs.length };
    const scoreOf = (name: 'precision' | 'loss' | 'discernibility' | 'class-size', levels: number[]): number => {
      const { classes } = coarser(combinations, combinations.finest, levels);
      return utilityOf(name, scene).score(classes, new Uint8Array(classes.count).fill(1), codes);
    };
    // Masking two digits makes all zip codes one, so that nothing is left for the last level.
    expect(hierarchies.map(({ levels }) => levels.length - 1)).toEqual([1, 2]);
    expect(scoreOf('precision', [1, 0])).toBeCloseTo((1 + 0) / 2, 12);
    expect(scoreOf('precision', [0, 1])).toBeCloseTo((0 + 1 / 2) / 2, 12);
    expect(scoreOf('precision', [1, 2])).toBe(1);
    // A zip code with one digit masked is one of 2 of 4: (2 − 1) / (4 − 1).
    expect(scoreOf('loss', [0, 1])).toBeCloseTo((0 + 1 / 3) / 2, 12);
    expect(scoreOf('loss', [1, 1])).toBeCloseTo((1 + 1 / 3) / 2, 12);
    expect(scoreOf('discernibility', [0, 1])).toBe(6 * 2 ** 2);
    expect(scoreOf('class-size', [1, 0])).toBe(3);
  });
});
