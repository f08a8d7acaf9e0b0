import { closeness, equalDistance, orderedDistance } from '@holdfast/data/anonymise/criteria/closeness';
import { anonymity, type Criterion } from '@holdfast/data/anonymise/criteria/criterion';
import { diversity } from '@holdfast/data/anonymise/criteria/diversity';
import { hierarchyOf } from '@holdfast/data/anonymise/hierarchy/hierarchy';
import { combinationsOf } from '@holdfast/data/anonymise/search/classes';
import { OptimalSearch, type SearchLimits, type SearchResult } from '@holdfast/data/anonymise/search/optimal-search';
import { type UtilityName, utilityNames, utilityOf } from '@holdfast/data/anonymise/utility/utility';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastLoss, type Small } from './exhaustive.ts';

/** A column: values, and on each level which of the groups below become one. */
const column = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.array(fc.array(fc.nat({ max: 2 }), { minLength: 5, maxLength: 5 }), { maxLength: 3 }),
  )
  .map(([size, joins]) => {
    const levels = [Array.from({ length: size }, (_, value) => `v${value}`)];
    for (const [at, join] of joins.entries()) {
      const below = levels[at] ?? [];
      const groups = [...new Set(below)];
      const above = below.map((label) => `${at}g${join[groups.indexOf(label)] ?? 0}`);
      // What changes nothing is no level.
      if (new Set(above).size === groups.length) break;
      levels.push(above);
    }
    return levels;
  });

const small: fc.Arbitrary<Small> = fc.array(column, { minLength: 1, maxLength: 4 }).chain((hierarchies) =>
  fc
    .record({
      hierarchies: fc.constant(hierarchies),
      rows: fc.array(fc.tuple(...hierarchies.map(([values = []]) => fc.nat({ max: values.length - 1 }))), {
        minLength: 1,
        maxLength: 24,
      }),
      sensitive: fc.array(fc.nat({ max: 3 }), { minLength: 24, maxLength: 24 }),
      k: fc.integer({ min: 1, max: 5 }),
      most: fc.oneof(fc.constant(0), fc.nat({ max: 12 })),
      utility: fc.constantFrom(...utilityNames),
      l: fc.option(
        fc.record({
          kind: fc.constantFrom('distinct' as const, 'entropy' as const, 'recursive' as const),
          l: fc.integer({ min: 2, max: 3 }),
          c: fc.constantFrom(0.5, 1, 2, 3),
        }),
        { nil: undefined },
      ),
      t: fc.option(
        fc.record({
          kind: fc.constantFrom('equal' as const, 'ordered' as const),
          t: fc.constantFrom(0, 0.1, 0.2, 0.3, 0.5),
        }),
        { nil: undefined },
      ),
    })
    .map(
      ({ l, t, ...rest }): Small => ({
        ...rest,
        sensitive: rest.sensitive.slice(0, rest.rows.length),
        ...(l === undefined ? {} : { l }),
        ...(t === undefined ? {} : { t }),
      }),
    ),
);

const endless: SearchLimits = { nodes: 1e9, isOver: () => false, held: 1e6 };

function search(
  { hierarchies: given, rows, sensitive, k, most, utility: name, l, t }: Small,
  limits = endless,
): SearchResult {
  const codes = given.map((_, at) => Int32Array.from(rows, (row) => row[at] ?? 0));
  const hierarchies = given.map(([values = [], ...above], at) =>
    hierarchyOf(
      `c${at}`,
      values,
      above.map((labels, level) => ({ name: `level ${level + 1}`, labels })),
    ),
  );
  const values = given.map(([all = []], at) => ({
    counts: Float64Array.from(all, (_, value) => codes[at]?.filter((code) => code === value).length ?? 0),
  }));
  const present = [...new Set(sensitive)].sort((one, other) => one - other);
  const coded = Int32Array.from(sensitive, (value) => present.indexOf(value));
  const whole = Float64Array.from(present, (value) => sensitive.filter((each) => each === value).length);
  const utility = utilityOf(name as UtilityName, { hierarchies, values, rows: rows.length });
  const criteria: Criterion[] = [anonymity(k)];
  if (l !== undefined) criteria.push(diversity('s', 0, l));
  if (t !== undefined)
    criteria.push(closeness('s', 0, t.t, t.kind, t.kind === 'equal' ? equalDistance(whole) : orderedDistance(whole)));
  const combinations = combinationsOf(
    hierarchies,
    codes,
    rows.length,
    [{ codes: coded, values: present.length }],
    utility.weights,
  );
  const steps = new OptimalSearch(combinations, criteria, utility, most, limits).run();
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

describe('the search', () => {
  test('finds what loses least of all ways of generalising', () => {
    fc.assert(
      fc.property(small, (given) => {
        const expected = leastLoss(given);
        const { best, isOptimal, visited, nodes } = search(given);
        expect(isOptimal).toBe(true);
        expect(visited).toBeLessThanOrEqual(nodes);
        if (expected === undefined) expect(best).toBeUndefined();
        else {
          expect(best?.score).toBeCloseTo(expected, 9);
          expect(best?.judged.suppressed).toBeLessThanOrEqual(given.most);
        }
      }),
      { numRuns: 1500 },
    );
  });

  test('that is cut never claims the optimum, and its bound is one', () => {
    fc.assert(
      fc.property(small, fc.nat({ max: 6 }), fc.nat({ max: 200 }), (given, nodes, held) => {
        const expected = leastLoss(given) ?? Number.POSITIVE_INFINITY;
        const found = search(given, { nodes, isOver: () => false, held });
        if (found.isOptimal) expect(found.best?.score ?? Number.POSITIVE_INFINITY).toBeCloseTo(expected, 9);
        else {
          expect(found.visited).toBeLessThanOrEqual(nodes);
          expect(found.best?.score ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(expected - 1e-9);
          expect(found.bound).toBeLessThanOrEqual(expected + 1e-9);
        }
      }),
      { numRuns: 500 },
    );
  });
});
