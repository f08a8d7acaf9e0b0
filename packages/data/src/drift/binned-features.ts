import { quantileOfSorted } from '@holdfast/statistics/quantile';
import type { SampledColumn, SampledRows } from './sampled-rows.ts';

/** Codes of a column: 0 is missing. */
export const codes = 16;

/** The code of each row of a column. */
export interface BinnedColumn {
  readonly codes: Uint8Array;
  /** Whether a larger code is a larger value. */
  readonly isOrdered: boolean;
}

/** Rows of two tables, the current ones first, with each column's values as a small number. */
export interface BinnedRows {
  readonly names: readonly string[];
  readonly columns: readonly BinnedColumn[];
  readonly current: number;
  readonly reference: number;
}

/** Numbers by the quantiles of both samples; the most frequent categories each, the others together. */
export function binnedRows(current: SampledRows, reference: SampledRows): BinnedRows {
  const columns = current.columns.map((column, at) => {
    const other = reference.columns[at];
    if (other?.kind !== column.kind) throw new Error(`the samples of ${column.name} differ in kind`);
    return { codes: coded(column, other), isOrdered: column.kind === 'numeric' };
  });
  return {
    names: current.columns.map(({ name }) => name),
    columns,
    current: current.rows,
    reference: reference.rows,
  };
}

function coded(current: SampledColumn, reference: SampledColumn): Uint8Array {
  if (current.kind === 'numeric' && reference.kind === 'numeric')
    return byQuantile([...current.values, ...reference.values]);
  return byFrequency([...current.values, ...reference.values].map((value) => (value === null ? null : String(value))));
}

function byQuantile(values: readonly number[]): Uint8Array {
  const sorted = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  if (sorted.length === 0) return new Uint8Array(values.length);
  const inner = Array.from({ length: codes - 2 }, (_, at) => quantileOfSorted(sorted, (at + 1) / (codes - 1)));
  const edges = [...new Set(inner)];
  return Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? 0 : 1 + edges.filter((edge) => edge < value).length,
  );
}

function byFrequency(values: readonly (string | null)[]): Uint8Array {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  const order = [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
  const code = new Map(order.map(([value], at) => [value, Math.min(codes - 1, at + 1)]));
  return Uint8Array.from(values, (value) => (value === null ? 0 : (code.get(value) ?? 0)));
}
