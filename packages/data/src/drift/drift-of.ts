import { countWhere, present } from '../metrics/count.ts';
import { measure } from '../metrics/measure.ts';
import type { Found } from '../metrics/metric.ts';
import { categoricalDrift } from './categorical-drift.ts';
import { categoryCounts } from './category-counts.ts';
import type { ColumnDrift } from './column-drift.ts';
import { asNumbers, type ColumnPair, type ColumnPairs, columnPairs, type Tables } from './column-pairs.ts';
import { type Discrepancy, discrepancy } from './discrepancy.ts';
import { classifierRows, type DomainClassifier, domainClassifier } from './domain-classifier.ts';
import { numericDrift } from './numeric-drift.ts';
import type { DriftOptions } from './options.ts';
import { sampledRows } from './sampled-rows.ts';
import { shareChange } from './share-change.ts';
import { rowsOf, sortedValues } from './values.ts';

/** Columns that rows as a whole are compared by, the first ones. */
export const jointColumns = 100;

/** What two tables differ in, not yet judged. */
export interface Drift {
  readonly rows: { readonly current: number; readonly reference: number };
  readonly columns: readonly ColumnDrift[];
  readonly pairs: ColumnPairs;
  /** Of rows as a whole; nothing where that was not asked for, or there are fewer than two columns or too few rows. */
  readonly discrepancy?: Discrepancy;
  readonly classifier?: DomainClassifier;
}

type Options = Pick<DriftOptions, 'tests' | 'alpha' | 'maxRows' | 'multivariate' | 'seed' | 'columns'>;

export interface DriftContext {
  readonly signal: AbortSignal;
  /** Is told how far it is, 0 to 1. */
  readonly progress?: (done: number) => void;
}

/**
 * Holds each column of a table against that of a reference, and rows as a whole.
 * @throws DatasetError, and the reason of `signal` when it is aborted
 */
export async function driftOf(
  current: Tables,
  reference: Tables,
  options: Options,
  { signal, progress = () => undefined }: DriftContext,
): Promise<Drift> {
  const [counts, before] = [await presentOf(current, signal), await presentOf(reference, signal)];
  const pairs = columnPairs(current, reference, options.columns, (side, name) => {
    return (side === 'current' ? counts : before)(name).present === 0;
  });
  const rows = { current: rowsOf(current), reference: rowsOf(reference) };
  const columns: ColumnDrift[] = [];
  const isEmpty = rows.current === 0 || rows.reference === 0;
  for (const pair of isEmpty ? [] : pairs.pairs) {
    signal.throwIfAborted();
    const shares = sharesOf(pair, counts(pair.name), before(pair.name), rows);
    columns.push({ ...(await columnDrift(current, reference, pair, options, signal)), ...shares });
    progress((0.9 * columns.length) / pairs.pairs.length);
  }
  const joint = isEmpty || !options.multivariate ? {} : await jointOf(current, reference, pairs.pairs, options, signal);
  progress(1);
  return { rows, columns, pairs, ...joint };
}

interface Presence {
  readonly present: number;
  readonly infinite: number;
}

/** How many values each column has, and how many of them are infinite. */
async function presentOf(tables: Tables, signal: AbortSignal): Promise<(name: string) => Presence> {
  const [{ columns, engine }] = tables;
  const asked = columns.map((column) => {
    const finite = column.type === 'number' ? present(asNumbers(engine.dialect, column)) : undefined;
    return { name: column.name, all: present(column), finite };
  });
  const metrics = asked.flatMap(({ all, finite }) => (finite === undefined ? [all] : [all, finite]));
  const found: Found = await measure(tables, [countWhere(), ...metrics], { signal });
  const byName = new Map(
    asked.map(({ name, all, finite }) => {
      const count = found.get(all);
      return [name, { present: count, infinite: finite === undefined ? 0 : count - found.get(finite) }];
    }),
  );
  return (name) => byName.get(name) ?? { present: 0, infinite: 0 };
}

function sharesOf(
  { kind }: ColumnPair,
  now: Presence,
  before: Presence,
  rows: Drift['rows'],
): Pick<ColumnDrift, 'missing' | 'infinite'> {
  const [gone, goneBefore] = [rows.current - now.present, rows.reference - before.present];
  const hasInfinite = kind === 'numeric' && now.infinite + before.infinite > 0;
  return {
    ...(gone + goneBefore === 0 ? {} : { missing: shareChange([gone, rows.current], [goneBefore, rows.reference]) }),
    ...(hasInfinite && now.present > 0 && before.present > 0
      ? { infinite: shareChange([now.infinite, now.present], [before.infinite, before.present]) }
      : {}),
  };
}

async function columnDrift(
  current: Tables,
  reference: Tables,
  pair: ColumnPair,
  options: Options,
  signal: AbortSignal,
): Promise<ColumnDrift> {
  const { name, kind } = pair;
  if (kind === 'categorical') {
    const counts = await categoryCounts(current, reference, pair, signal);
    const sum = (side: 'current' | 'reference'): number => counts.categories.reduce((all, each) => all + each[side], 0);
    const values = { current: sum('current'), reference: sum('reference') };
    return { name, kind, values, ...categoricalDrift(counts) };
  }
  const reading = { most: options.maxRows, seed: options.seed, signal };
  const now = await sortedValues(current, name, reading);
  const before = await sortedValues(reference, name, reading);
  const isSampled = Math.max(rowsOf(current), rowsOf(reference)) > options.maxRows;
  const values = { current: now.length, reference: before.length };
  const { type } = pair.current;
  const moments = type === 'date' || type === 'time' || type === 'timestamp' ? { moments: type } : {};
  return { name, kind, ...moments, values, ...(isSampled ? { isSampled } : {}), ...numericDrift(now, before, options) };
}

async function jointOf(
  current: Tables,
  reference: Tables,
  pairs: readonly ColumnPair[],
  { seed, alpha }: Options,
  signal: AbortSignal,
): Promise<Pick<Drift, 'discrepancy' | 'classifier'>> {
  const compared = pairs.slice(0, jointColumns);
  if (compared.length < 2) return {};
  const taking = { most: classifierRows, seed, signal };
  const [now, before] = [await sampledRows(current, compared, taking), await sampledRows(reference, compared, taking)];
  signal.throwIfAborted();
  const distance = discrepancy(now, before, seed);
  const classifier = domainClassifier(now, before, { seed, confidence: 1 - alpha });
  return {
    ...(distance === undefined ? {} : { discrepancy: distance }),
    ...(classifier === undefined ? {} : { classifier }),
  };
}
