import type { Table } from '@holdfast/dataset';
import { quantile } from '@holdfast/statistics';
import type { NumberColumns } from '../outliers/read-columns.ts';
import { isNumeric } from '../rows/equal-rows.ts';
import { type Condition, type Outside, outside } from './reference-ranges.ts';

/** J. W. Tukey, "Exploratory Data Analysis" (1977): so many interquartile ranges outside the quartiles is far out. */
const farOut = 3;
/** B. Iglewicz, D. Hoaglin, "How to Detect and Handle Outliers" (1993): the modified z-score above which a value is one. */
const modifiedScore = 3.5;
/** The median absolute deviation of the normal distribution, in standard deviations. */
const normalDeviation = 0.6745;

/**
 * Numbers that lie beyond both robust fences, Tukey's far one and the median ± 3.5 · MAD / 0.6745; the fences from the rows
 * that were read, the counts of all. A column whose middle half is one value has no fence.
 */
export async function beyondFences(
  tables: readonly [Table, ...Table[]],
  { names, columns }: NumberColumns,
  signal?: AbortSignal,
): Promise<Outside[]> {
  const conditions: Condition[] = [];
  for (const [index, name] of names.entries()) {
    const column = tables[0].columns.find((each) => each.name === name);
    const fence = fencesOf(columns[index] ?? new Float64Array());
    if (column === undefined || !isNumeric(column) || fence === undefined) continue;
    const { dialect } = tables[0].engine;
    const value = dialect.double(column.value);
    conditions.push({
      column: name,
      condition: `${value} < ${dialect.literal(fence.low)} OR ${value} > ${dialect.literal(fence.high)}`,
      range: `${round(fence.low)} to ${round(fence.high)}`,
      rangeKind: 'the robust fences',
    });
  }
  return outside(tables, conditions, signal);
}

/** Nothing where half of the values, or more, are the same. */
export function fencesOf(values: Float64Array): { low: number; high: number } | undefined {
  if (values.length === 0) return undefined;
  const [first, middle, third] = [0.25, 0.5, 0.75].map((part) => quantile(values, part)) as [number, number, number];
  const range = third - first;
  const deviation = quantile(
    values.map((value) => Math.abs(value - middle)),
    0.5,
  );
  if (!(range > 0) || !(deviation > 0) || !Number.isFinite(range)) return undefined;
  const reach = (modifiedScore / normalDeviation) * deviation;
  return {
    low: Math.min(first - farOut * range, middle - reach),
    high: Math.max(third + farOut * range, middle + reach),
  };
}

const round = (value: number): number => Number(value.toPrecision(6));
