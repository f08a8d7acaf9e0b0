import type { ColumnType, Table, TableColumn } from '@holdfast/dataset';
import type { DatasetProfile } from '@holdfast/evidence/predicates/dataset-profile';
import { coverageOf } from '../artifact-table.ts';
import { type Correlations, correlations } from '../metrics/correlation.ts';
import { finiteNumbers } from '../metrics/finite.ts';
import { measure } from '../metrics/measure.ts';
import { rowsPerGroup } from '../metrics/merkle.ts';
import type { ValueCounts } from '../metrics/value-counts.ts';
import { dataVersion } from '../version.ts';
import { associations, mostCategories } from './associations/associations.ts';
import { allOf, columnMetrics } from './column-metrics.ts';
import { type ColumnProfile, columnProfile, isNumeric } from './column-profile.ts';
import type { ProfileOptions } from './options.ts';
import { type RowDigest, rowDigest } from './row-digest.ts';
import { withoutValues } from './without-values.ts';

/** What a table holds: `dataset-profile/v1`. */
export type Profile = DatasetProfile;

/** So many columns of numbers are held against each other, the first ones. */
const correlated = 64;
/** Columns that are measured at once. */
const together = 200;
const groupsListed = 65_536;

/** How a profile is made. */
export interface ProfileContext {
  readonly signal?: AbortSignal;
  /** Is told how far it is, 0 to 1. */
  readonly progress?: (done: number) => void;
  /** The digest of the rows, where it is known already. */
  readonly walked?: RowDigest;
}

/**
 * Profiles a table: types and what they mean, missing and different values, exact quantiles, histograms, most frequent values,
 * lengths of texts, ranges of times, correlations, and the Merkle digest of its rows. Shards give what the whole gives.
 *
 * @example
 * ```ts
 * import { profileOf } from '@holdfast/data';
 * import { openTable } from '@holdfast/dataset';
 *
 * const table = await openTable('applicants.csv');
 * const profile = await profileOf([table]);
 * console.log(profile.rows, profile.columns.map(({ name, semantic }) => `${name}: ${semantic?.type ?? '?'}`));
 * await table.close();
 * ```
 *
 * @throws DatasetError, and the reason of `signal` when it is aborted
 */
export async function profileOf(
  tables: readonly [Table, ...Table[]],
  options: ProfileOptions = {},
  { signal, progress = () => undefined, walked: known }: ProfileContext = {},
): Promise<Profile> {
  const about = signal === undefined ? {} : { signal };
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const [walked, measured] = await bothOf(
    async (done) => known ?? (options.digest === false ? undefined : rowDigest(tables, { ...about, progress: done })),
    async (done) => measuredOf(tables, options, { ...{ rows, ...about }, progress: done }),
    (read, part) => {
      progress(walkedShare * (read / Math.max(1, rows)) + (1 - walkedShare) * part);
    },
  );
  progress(1);
  const profile: Profile = {
    check: { name: 'data.profile', version: dataVersion },
    options: optionsOf(options),
    values: 'shown',
    ...{ rows, missing: measured.columns.reduce((sum, { missing }) => sum + missing, 0) },
    ...(walked?.duplicates === undefined ? {} : { duplicates: walked.duplicates }),
    ...measured,
    ...digestOf(walked),
    left: [...coverageOf(tables).left],
  };
  return options.values === false ? withoutValues(profile) : profile;
}

/** Of the way, as far as it can be told in advance. */
const walkedShare = 0.5;

type Work<Result> = (progress: (done: number) => void) => Promise<Result>;

/** Two at once; where one fails, the other is at its end, too, when the error is thrown. */
async function bothOf<One, Other>(
  one: Work<One>,
  other: Work<Other>,
  progress: (one: number, other: number) => void,
): Promise<[One, Other]> {
  let [first, second] = [0, 0];
  const works = [
    one((done) => {
      first = done;
      progress(first, second);
    }),
    other((done) => {
      second = done;
      progress(first, second);
    }),
  ] as const;
  await Promise.allSettled(works);
  return Promise.all(works);
}

/** All that is asked of the engine, in as few passes as it takes; of many columns some at a time, so that memory is bounded. */
async function measuredOf(
  tables: readonly [Table, ...Table[]],
  { top = 10, correlations: isWanted = true }: ProfileOptions,
  { rows, progress, ...about }: Measuring,
): Promise<Pick<Profile, 'columns' | 'correlations' | 'associations'>> {
  const [{ columns, engine }] = tables;
  const numbers = columns.filter(({ type }) => isNumeric(type)).slice(0, correlated);
  const lines = correlations(numbers.map((column) => finiteNumbers(engine.dialect, column)));
  const isCorrelated = isWanted && numbers.length > 1;
  const names = numbers.map(({ name }) => name.slice(0, 4000));
  const profiled: ColumnProfile[] = [];
  const counted = new Map<TableColumn, ValueCounts>();
  let matrix: Profile['correlations'];
  for (let at = 0; at < columns.length || at === 0; at += together) {
    const some = columns.slice(at, at + together);
    const asked = some.map((column) => ({ column, metrics: columnMetrics(tables, column) }));
    const isFirst = at === 0 && isCorrelated;
    const all = [...asked.flatMap(({ metrics }) => allOf(metrics)), ...(isFirst ? [lines] : [])];
    const found = await measure(tables, all, about);
    profiled.push(...asked.map(({ column, metrics }) => columnProfile(column, metrics, found, { rows, top })));
    for (const { column, metrics } of asked)
      keepCategories(counted, column, metrics.values && found.get(metrics.values));
    if (isFirst) matrix = matrixOf(names, found.get(lines));
    progress(Math.min(1, (at + together) / Math.max(1, columns.length)));
  }
  const valuesOf = (column: TableColumn): ValueCounts | undefined => counted.get(column);
  const pairs = isWanted ? await associations(tables, { rows, valuesOf, ...about }) : [];
  return {
    columns: profiled,
    ...(matrix === undefined ? {} : { correlations: matrix }),
    ...(pairs.length === 0 ? {} : { associations: pairs }),
  };
}

const categorical: ReadonlySet<ColumnType> = new Set(['text', 'boolean']);

function keepCategories(
  kept: Map<TableColumn, ValueCounts>,
  column: TableColumn,
  counts: ValueCounts | undefined,
): void {
  if (categorical.has(column.type) && counts !== undefined && counts.values.size <= mostCategories)
    kept.set(column, counts);
}

interface Measuring {
  readonly rows: number;
  readonly signal?: AbortSignal;
  readonly progress: (done: number) => void;
}

/** How the table was read; what it may use of the machine does not matter to what it holds. */
function optionsOf(options: ProfileOptions): Record<string, unknown> {
  const isOfMachine = (name: string): boolean => name === 'memory' || name === 'threads';
  const given = Object.entries(options) as [string, unknown][];
  return Object.fromEntries(given.filter(([name, value]) => value !== undefined && !isOfMachine(name)));
}

function digestOf(walked: RowDigest | undefined): Pick<Profile, 'digest'> {
  if (walked === undefined) return {};
  const { root, groups } = walked.tree;
  return {
    digest: { algorithm: 'sha256', tree: 'rfc6962', rowsPerGroup, root, groups: groups.slice(0, groupsListed) },
  };
}

/** The whole matrix: a column with itself is 1. */
function matrixOf(columns: string[], pairs: Correlations): NonNullable<Profile['correlations']> {
  const matrix = columns.map((_, one) =>
    columns.map((__, other) => (one === other ? 1 : (pairs.of(one, other)?.coefficient ?? null))),
  );
  return { method: 'pearson', columns, matrix };
}
