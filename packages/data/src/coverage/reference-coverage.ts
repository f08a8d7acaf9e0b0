import { categoryCounts } from '../drift/category-counts.ts';
import { type ColumnPair, columnPairs, type Tables } from '../drift/column-pairs.ts';
import { classifierRows, type DomainClassifier, domainClassifier } from '../drift/domain-classifier.ts';
import { quantileBins } from '../drift/quantile-bins.ts';
import { sampledRows } from '../drift/sampled-rows.ts';
import { sortedValues } from '../drift/values.ts';
import { present } from '../metrics/count.ts';
import { measure } from '../metrics/measure.ts';
import { type NearestDistances, nearestDistances } from './nearest.ts';

/** Values of a column that are sorted; of more, a sample. */
const mostValues = 5_000_000;
/** Columns that rows as a whole are compared by. */
const jointColumns = 100;
/** A column where more than this part of the values differ tells rows apart, and cannot be covered. */
const identifying = 0.5;

/** How much of a column of the reference a table covers. */
export interface ColumnCoverage {
  readonly name: string;
  /** Categories, or bins between deciles, of the reference: how many, and how many the table has none of. */
  readonly groups: number;
  readonly without: number;
  /** The part of the reference's values that are in those which the table has. */
  readonly covered: number;
}

export interface ReferenceCoverage {
  readonly columns: readonly ColumnCoverage[];
  /** Columns that tell rows apart, which are not looked at. */
  readonly identifiers: readonly string[];
  /** What could not be held against the reference. */
  readonly left: readonly string[];
  readonly nearest?: NearestDistances;
  readonly classifier?: DomainClassifier;
}

interface Asked {
  readonly seed: number;
  readonly signal: AbortSignal;
}

export async function referenceCoverage(
  current: Tables,
  reference: Tables,
  { seed, signal }: Asked,
): Promise<ReferenceCoverage> {
  const isEmpty = [await emptyColumns(current), await emptyColumns(reference)] as const;
  const found = columnPairs(current, reference, undefined, (side, name) =>
    isEmpty[side === 'current' ? 0 : 1].has(name),
  );
  const columns: ColumnCoverage[] = [];
  const identifiers: string[] = [];
  for (const pair of found.pairs) {
    signal.throwIfAborted();
    const covered = await columnCoverage(current, reference, pair, { seed, signal });
    if (covered === undefined) identifiers.push(pair.name);
    else if (covered.groups > 0) columns.push(covered);
  }
  const pairs = found.pairs.filter(({ name }) => !identifiers.includes(name)).slice(0, jointColumns);
  const joint = pairs.length === 0 ? {} : await jointOf(current, reference, pairs, { seed, signal });
  const left = [
    ...found.vanished.map((name) => `column ${name}: only the reference has it`),
    ...found.retyped.map(({ name }) => `column ${name}: the reference has another kind of values`),
    ...found.incomparable.map((name) => `column ${name}: values of its type are not compared`),
  ];
  return { columns, identifiers, left, ...joint };
}

async function emptyColumns(tables: Tables): Promise<ReadonlySet<string>> {
  const asked = tables[0].columns.map((column) => ({ name: column.name, count: present(column) }));
  const found = await measure(
    tables,
    asked.map(({ count }) => count),
  );
  return new Set(asked.filter(({ count }) => found.get(count) === 0).map(({ name }) => name));
}

async function columnCoverage(
  current: Tables,
  reference: Tables,
  pair: ColumnPair,
  { seed, signal }: Asked,
): Promise<ColumnCoverage | undefined> {
  if (pair.kind === 'categorical') {
    const { categories, isHashed } = await categoryCounts(current, reference, pair, signal);
    const [now, before] = [categories.map((each) => each.current), categories.map((each) => each.reference)];
    const different = before.filter((count) => count > 0).length;
    const values = before.reduce((sum, count) => sum + count, 0);
    if (isHashed || (different > 20 && different > identifying * values)) return undefined;
    return covering(pair.name, now, before);
  }
  const reading = { most: mostValues, seed, signal };
  const now = await sortedValues(current, pair.name, reading);
  const before = await sortedValues(reference, pair.name, reading);
  if (before.length === 0) return covering(pair.name, [], []);
  const bins = quantileBins(now, before);
  return covering(pair.name, bins.current, bins.reference);
}

function covering(name: string, current: readonly number[], reference: readonly number[]): ColumnCoverage {
  let [groups, without, values, covered] = [0, 0, 0, 0];
  for (const [at, count] of reference.entries()) {
    if (count === 0) continue;
    const isThere = (current[at] ?? 0) > 0;
    groups += 1;
    values += count;
    without += isThere ? 0 : 1;
    covered += isThere ? count : 0;
  }
  return { name, groups, without, covered: values === 0 ? 1 : covered / values };
}

async function jointOf(
  current: Tables,
  reference: Tables,
  pairs: readonly ColumnPair[],
  { seed, signal }: Asked,
): Promise<Pick<ReferenceCoverage, 'nearest' | 'classifier'>> {
  const taking = { most: classifierRows, seed, signal };
  const [now, before] = [await sampledRows(current, pairs, taking), await sampledRows(reference, pairs, taking)];
  const nearest = nearestDistances(now, before);
  const classifier = domainClassifier(now, before, { seed, confidence: 0.95 });
  return { ...(nearest === undefined ? {} : { nearest }), ...(classifier === undefined ? {} : { classifier }) };
}
