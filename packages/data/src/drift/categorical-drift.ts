import {
  chebyshev,
  chiSquare,
  cramersV,
  hellinger,
  jensenShannon,
  kullbackLeibler,
  populationStability,
  totalVariation,
} from '@holdfast/statistics';
import type { CategoryCounts } from './category-counts.ts';
import { type ColumnDrift, finiteOnly, type Picture, type Test, type Unshared } from './column-drift.ts';
import { withoutZeros } from './numeric-drift.ts';
import { choose, fisher } from './share-change.ts';

const shown = 12;
/** Values that a finding names. */
const named = 10;

/** Counts of the same categories held against each other. */
export function categoricalDrift({
  categories,
  isHashed,
}: CategoryCounts): Pick<
  ColumnDrift,
  'tests' | 'effects' | 'picture' | 'appeared' | 'vanished' | 'isHashed' | 'isPooled'
> {
  const current = categories.map((category) => category.current);
  const reference = categories.map((category) => category.reference);
  if (sum(current) === 0 || sum(reference) === 0) return { tests: [], effects: {} };
  const { test, isPooled } = testOf(current, reference);
  return {
    tests: [test],
    ...(isPooled ? { isPooled } : {}),
    ...(isHashed ? { isHashed } : {}),
    effects: finiteOnly({
      cramers_v: cramersV(current, reference),
      psi: populationStability(current, reference),
      js: jensenShannon(current, reference),
      hellinger: hellinger(current, reference),
      tvd: totalVariation(current, reference),
      linf: chebyshev(current, reference),
      kl: kullbackLeibler(withoutZeros(current), withoutZeros(reference)),
    }),
    ...(isHashed ? {} : { picture: pictureOf(categories), ...unsharedOf(categories) }),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);

/** χ², of all categories where that is sound; else of those that expect 5 or more, and the others together. */
function testOf(current: readonly number[], reference: readonly number[]): { test: Test; isPooled: boolean } {
  const whole = chiSquare(current, reference);
  if (whole.isApproximationSound || whole.freedom === 0) {
    return { test: { name: 'chi-square', statistic: whole.statistic, p: whole.p }, isPooled: false };
  }
  const [n, m] = [sum(current), sum(reference)];
  const smaller = Math.min(n, m) / (n + m);
  const table = pooled(current, reference, smaller);
  const [now, before] = [table.map(([count]) => count), table.map(([, count]) => count)];
  const { statistic, p, freedom, isApproximationSound } = chiSquare(now, before);
  const isExact = freedom === 1 && !isApproximationSound;
  const [first] = table;
  const exact = first === undefined || !isExact ? p : fisher(first[0], n, first[0] + first[1], n + m);
  return { test: { name: isExact ? 'Fisher' : 'chi-square', statistic, p: exact }, isPooled: true };
}

/** Those that expect fewer than 5 in the smaller table together; with the rarest of the others, where they still do. */
function pooled(
  current: readonly number[],
  reference: readonly number[],
  smaller: number,
): (readonly [current: number, reference: number])[] {
  const pairs = current
    .map((count, at) => [count, reference[at] ?? 0] as const)
    .sort((one, other) => other[0] + other[1] - one[0] - one[1]);
  const expected = ([one, other]: readonly [number, number]): number => (one + other) * smaller;
  const kept = pairs.filter((pair) => expected(pair) >= 5);
  let rest: readonly [number, number] = [0, 0];
  for (const pair of pairs.slice(kept.length)) rest = [rest[0] + pair[0], rest[1] + pair[1]];
  while (expected(rest) > 0 && expected(rest) < 5 && kept.length > 1) {
    const rarest = kept.pop() ?? [0, 0];
    rest = [rest[0] + rarest[0], rest[1] + rarest[1]];
  }
  return expected(rest) > 0 ? [...kept, rest] : kept;
}

type Categories = CategoryCounts['categories'];

/** The most frequent categories of both, and the others together. */
function pictureOf(categories: Categories): Picture {
  const sorted = categories.toSorted(
    (one, other) => other.current + other.reference - one.current - one.reference || (one.text < other.text ? -1 : 1),
  );
  const [top, others] = [sorted.slice(0, shown), sorted.slice(shown)];
  const rest = { text: `${others.length} others`, current: 0, reference: 0 };
  for (const { current, reference } of others) {
    rest.current += current;
    rest.reference += reference;
  }
  const bars = others.length === 0 ? top : [...top, rest];
  return {
    labels: bars.map(({ text }) => text),
    current: bars.map(({ current }) => current),
    reference: bars.map(({ reference }) => reference),
  };
}

function unsharedOf(categories: Categories): Pick<ColumnDrift, 'appeared' | 'vanished'> {
  const n = sum(categories.map(({ current }) => current));
  const m = sum(categories.map(({ reference }) => reference));
  const appeared = categories.filter(({ current, reference }) => current > 0 && reference === 0);
  const vanished = categories.filter(({ current, reference }) => current === 0 && reference > 0);
  const about = (among: Categories, count: (each: Categories[number]) => number, all: number): Unshared => {
    const sorted = among.toSorted((one, other) => count(other) - count(one) || (one.text < other.text ? -1 : 1));
    const most = sorted[0] === undefined ? 0 : count(sorted[0]);
    // All of its rows are on one side: (n over k) / (n + m over k).
    const p = Math.min(1, Math.exp(choose(all, most) - choose(n + m, most)) * categories.length);
    const rows = sum(among.map(count));
    return { values: sorted.slice(0, named).map(({ text }) => text), count: among.length, rows, p };
  };
  return {
    ...(appeared.length === 0 ? {} : { appeared: about(appeared, ({ current }) => current, n) }),
    ...(vanished.length === 0 ? {} : { vanished: about(vanished, ({ reference }) => reference, m) }),
  };
}
