import { asNumbers, type ColumnPair, columnPairs, type Tables } from '../drift/column-pairs.ts';
import { classifierRows, type DomainClassifier, domainClassifier } from '../drift/domain-classifier.ts';
import { sampledRows } from '../drift/sampled-rows.ts';
import { rowsOf } from '../drift/values.ts';
import { present } from '../metrics/count.ts';
import { measure } from '../metrics/measure.ts';
import { type ColumnCoverage, columnCoverage } from './column-coverage.ts';
import { type NearestDistances, nearestDistances } from './nearest.ts';

/** Values of a column that are sorted; of more, a sample. */
const mostValues = 5_000_000;
/** Columns that rows as a whole are compared by. */
const jointColumns = 100;

/** Values of a column of numbers that are infinite, in the table and in the reference. */
export interface InfiniteValues {
  readonly name: string;
  readonly current: number;
  readonly reference: number;
}

export interface ReferenceCoverage {
  readonly columns: readonly ColumnCoverage[];
  /** Columns that tell rows apart, which are not looked at. */
  readonly identifiers: readonly string[];
  /** Columns that the reference does not have. */
  readonly more: readonly string[];
  readonly infinite: readonly InfiniteValues[];
  /** Values of a column that were looked at, where that is not all. */
  readonly sampled?: number;
  /** Columns that rows as a whole are compared by. */
  readonly jointly: number;
  /** What could not be held against the reference. */
  readonly left: readonly string[];
  readonly nearest?: NearestDistances;
  readonly classifier?: DomainClassifier;
}

interface Asked {
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly most?: number;
}

export async function referenceCoverage(
  current: Tables,
  reference: Tables,
  { seed, signal, most = mostValues }: Asked,
): Promise<ReferenceCoverage> {
  const isEmpty = [await emptyColumns(current), await emptyColumns(reference)] as const;
  const found = columnPairs(current, reference, undefined, (side, name) =>
    isEmpty[side === 'current' ? 0 : 1].has(name),
  );
  const columns: ColumnCoverage[] = [];
  const identifiers: string[] = [];
  for (const pair of found.pairs) {
    signal.throwIfAborted();
    const covered = await columnCoverage(current, reference, pair, { most, seed, signal });
    if (covered === undefined) identifiers.push(pair.name);
    else columns.push(covered);
  }
  const pairs = found.pairs.filter(({ name }) => !identifiers.includes(name)).slice(0, jointColumns);
  const joint = pairs.length === 0 ? {} : await jointOf(current, reference, pairs, { seed, signal });
  const left = [
    ...found.vanished.map((name) => `column ${name}: only the reference has it`),
    ...found.retyped.map(({ name }) => `column ${name}: the reference has another kind of values`),
    ...found.incomparable.map((name) => `column ${name}: values of its type are not compared`),
    ...(columns.length === 0 ? ['no column could be held against the reference'] : []),
  ];
  const infinite = await infiniteValues(current, reference, found.pairs);
  const sampled = Math.max(rowsOf(current), rowsOf(reference)) > most ? { sampled: most } : {};
  return {
    ...{ columns, identifiers, more: found.appeared, infinite, jointly: pairs.length, left },
    ...sampled,
    ...joint,
  };
}

async function emptyColumns(tables: Tables): Promise<ReadonlySet<string>> {
  const asked = tables[0].columns.map((column) => ({ name: column.name, count: present(column) }));
  const found = await measure(
    tables,
    asked.map(({ count }) => count),
  );
  return new Set(asked.filter(({ count }) => found.get(count) === 0).map(({ name }) => name));
}

async function infiniteValues(
  current: Tables,
  reference: Tables,
  pairs: readonly ColumnPair[],
): Promise<InfiniteValues[]> {
  const numeric = pairs.filter(({ kind }) => kind === 'numeric');
  const counts = async (tables: Tables, side: 'current' | 'reference'): Promise<readonly number[]> => {
    const asked = numeric.map((pair) => {
      const column = pair[side];
      return { all: present(column), finite: present(asNumbers(tables[0].engine.dialect, column)) };
    });
    const found = await measure(
      tables,
      asked.flatMap(({ all, finite }) => [all, finite]),
    );
    return asked.map(({ all, finite }) => found.get(all) - found.get(finite));
  };
  const [now, before] = [await counts(current, 'current'), await counts(reference, 'reference')];
  return numeric
    .map(({ name }, at) => ({ name, current: now[at] ?? 0, reference: before[at] ?? 0 }))
    .filter((each) => each.current + each.reference > 0);
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
