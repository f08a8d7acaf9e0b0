import { categoryCounts } from '../drift/category-counts.ts';
import type { ColumnPair, Tables } from '../drift/column-pairs.ts';
import { quantileBins } from '../drift/quantile-bins.ts';
import { sortedValues } from '../drift/values.ts';

/** A column where more than this part of the values differ tells rows apart, and cannot be covered. */
const identifying = 0.5;
/** Categories or bins that are named. */
const mostNamed = 20;

/** How much of a column of the reference a table covers. */
export interface ColumnCoverage {
  readonly name: string;
  /** Categories, or bins between deciles, of the reference: how many, and how many the table has none of. */
  readonly groups: number;
  readonly without: number;
  /** The part of the reference's values that are in those which the table has. */
  readonly covered: number;
  /** Which the table has none of, those with most values of the reference first; of many the first ones. */
  readonly absent: readonly string[];
  /** Values of the table, and how many of them the reference does not have: categories, or numbers beyond its ends. */
  readonly values: number;
  readonly foreign: number;
  readonly foreignNamed: readonly string[];
}

export interface ColumnReading {
  /** Values that are sorted; of more, a sample. */
  readonly most: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Nothing where the column tells rows apart. */
export async function columnCoverage(
  current: Tables,
  reference: Tables,
  pair: ColumnPair,
  reading: ColumnReading,
): Promise<ColumnCoverage | undefined> {
  return pair.kind === 'categorical'
    ? ofCategories(current, reference, pair, reading)
    : ofNumbers(current, reference, pair, reading);
}

async function ofCategories(
  current: Tables,
  reference: Tables,
  pair: ColumnPair,
  { signal }: ColumnReading,
): Promise<ColumnCoverage | undefined> {
  const { categories, isHashed } = await categoryCounts(current, reference, pair, signal);
  const before = categories.filter((each) => each.reference > 0);
  const values = before.reduce((sum, each) => sum + each.reference, 0);
  if (isHashed || (before.length > 20 && before.length > identifying * values)) return undefined;
  const foreign = categories.filter((each) => each.reference === 0 && each.current > 0);
  const groups = before.map((each) => ({ ...each, name: each.text }));
  return {
    ...covering(pair.name, groups),
    values: categories.reduce((sum, each) => sum + each.current, 0),
    foreign: foreign.reduce((sum, each) => sum + each.current, 0),
    foreignNamed: named(foreign.map(({ text, current: count }) => ({ name: text, count }))),
  };
}

async function ofNumbers(
  current: Tables,
  reference: Tables,
  pair: ColumnPair,
  reading: ColumnReading,
): Promise<ColumnCoverage> {
  const now = await sortedValues(current, pair.name, reading);
  const before = await sortedValues(reference, pair.name, reading);
  const [least, greatest] = [before[0], before.at(-1)];
  if (least === undefined || greatest === undefined) {
    return { ...covering(pair.name, []), values: now.length, foreign: now.length, foreignNamed: [] };
  }
  const bins = quantileBins(now, before);
  const groups = bins.reference.map((count, at) => ({
    ...{ reference: count, current: bins.current[at] ?? 0 },
    name: `${bins.edges[at - 1] ?? least} to ${bins.edges[at] ?? greatest}`,
  }));
  return {
    ...covering(
      pair.name,
      groups.filter((each) => each.reference > 0),
    ),
    values: now.length,
    foreign: now.reduce((count, value) => count + (value < least || value > greatest ? 1 : 0), 0),
    foreignNamed: [],
  };
}

interface Group {
  readonly name: string;
  readonly current: number;
  readonly reference: number;
}

function covering(
  name: string,
  groups: readonly Group[],
): Pick<ColumnCoverage, 'name' | 'groups' | 'without' | 'covered' | 'absent'> {
  const absent = groups.filter(({ current }) => current === 0);
  const values = groups.reduce((sum, { reference }) => sum + reference, 0);
  const gone = absent.reduce((sum, { reference }) => sum + reference, 0);
  return {
    ...{ name, groups: groups.length, without: absent.length },
    covered: values === 0 ? 1 : (values - gone) / values,
    absent: named(absent.map((each) => ({ name: each.name, count: each.reference }))),
  };
}

const named = (groups: readonly { readonly name: string; readonly count: number }[]): string[] =>
  groups
    .toSorted((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
    .slice(0, mostNamed)
    .map(({ name }) => name);
