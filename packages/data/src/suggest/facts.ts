import type { Table, TableColumn } from '@holdfast/dataset';
import { distinctCount } from '../metrics/distinct-count.ts';
import { finiteNumbers } from '../metrics/finite.ts';
import { measure } from '../metrics/measure.ts';
import type { AnyMetric, Found } from '../metrics/metric.ts';
import { quantiles } from '../metrics/quantiles.ts';
import { valueCounts } from '../metrics/value-counts.ts';
import type { ColumnProfile } from '../profile/column-profile.ts';
import type { Profile } from '../profile/profile-of.ts';
import { missingInPandas, numbersInPandas } from './pandas-reading.ts';

/** The quantiles that a suite has ranges for. */
export const suggestedQuantiles = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
/** A set of more values is a dictionary. */
const largestSet = 200;

/** What is known of a column when expectations about it are made. */
export interface ColumnFacts {
  readonly column: TableColumn;
  readonly profile: ColumnProfile;
  readonly rows: number;
  /** The part of a width by which ends are moved. */
  readonly margin: number;
  /** Whether the table is a file of texts, which pandas reads in its own way. */
  readonly isCsv: boolean;
  /** Whether values of rows must not be told. */
  readonly isHidden: boolean;
  /** Values that only pandas takes for missing. */
  readonly missingToPandas: number;
  /** Whether pandas would make numbers of these texts. */
  readonly isOtherToPandas: boolean;
  /** Exact. */
  readonly distinct?: number;
  /** All values with how often they are there, where they are few. */
  readonly values?: readonly { readonly text: string; readonly count: number }[];
  /** At {@link suggestedQuantiles}, each a value of the column. */
  readonly nearest?: readonly number[];
}

export interface FactOptions {
  readonly margin: number;
  readonly isCsv: boolean;
  readonly isHidden: boolean;
  readonly signal?: AbortSignal;
}

interface Asked {
  readonly column: TableColumn;
  readonly profile: ColumnProfile;
  readonly metrics: ReturnType<typeof metricsOf>;
}

/** Asks what a profile does not say: whole sets of categories, exact counts, and what pandas makes of texts. */
export async function factsOf(
  tables: readonly [Table, ...Table[]],
  { columns, rows }: Profile,
  { signal, ...options }: FactOptions,
): Promise<ColumnFacts[]> {
  const asked = tables[0].columns.flatMap((column, index): Asked[] => {
    const profile = columns[index];
    return profile === undefined ? [] : [{ column, profile, metrics: metricsOf(tables, column, profile, options) }];
  });
  const metrics = asked.flatMap(({ metrics: each }) => Object.values(each) as AnyMetric[]);
  const found = await measure(tables, metrics, signal === undefined ? {} : { signal });
  return asked.map((each) => ({ ...options, rows, ...factOf(each, found) }));
}

/** Meanings of which a column has the same few values again and again. */
const sets = new Set(['category', 'boolean', 'ordinal']);

function metricsOf(
  tables: readonly [Table, ...Table[]],
  column: TableColumn,
  { semantic, distinct, numbers }: ColumnProfile,
  { isCsv, isHidden }: FactOptions,
) {
  const { dialect } = tables[0].engine;
  const isSet = sets.has(semantic?.type ?? '') && (distinct?.count ?? Infinity) <= largestSet && !isHidden;
  const isTold = column.type === 'text' || column.type === 'integer';
  return {
    ...(isSet ? { values: valueCounts(column) } : {}),
    ...(isTold ? { distinct: distinctCount(column) } : {}),
    ...(isCsv && column.type === 'text'
      ? { missing: missingInPandas(dialect, column), other: numbersInPandas(dialect, column) }
      : {}),
    ...(numbers === undefined
      ? {}
      : { nearest: quantiles(finiteNumbers(dialect, column), suggestedQuantiles, tables, 'nearest') }),
  };
}

function factOf(
  { column, profile, metrics }: Asked,
  found: Found,
): Omit<ColumnFacts, 'rows' | 'margin' | 'isCsv' | 'isHidden'> {
  const missing = metrics.missing === undefined ? 0 : found.get(metrics.missing);
  const counted = metrics.values && found.get(metrics.values);
  const nearest = metrics.nearest && found.get(metrics.nearest);
  const isWhole = counted?.isWhole === true && [...counted.values.values()].every(({ isCut }) => !isCut);
  return {
    ...{ column, profile, missingToPandas: missing },
    isOtherToPandas: metrics.other !== undefined && found.get(metrics.other) >= profile.present - missing,
    ...(metrics.distinct === undefined ? {} : { distinct: found.get(metrics.distinct) }),
    ...(isWhole ? { values: [...counted.values.values()] } : {}),
    ...(nearest === undefined ? {} : { nearest }),
  };
}
