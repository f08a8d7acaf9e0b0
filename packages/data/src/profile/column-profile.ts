import type { TableColumn } from '@holdfast/dataset';
import type { DatasetProfile } from '@holdfast/evidence/predicates/dataset-profile';
import { daySeconds } from '../metrics/finite.ts';
import type { Histogram } from '../metrics/histogram.ts';
import type { Found } from '../metrics/metric.ts';
import { topValues, type ValueCounts } from '../metrics/value-counts.ts';
import { type ColumnMetrics, probabilities } from './column-metrics.ts';
import { type SemanticType, semanticType } from './semantic-type.ts';

export type ColumnProfile = DatasetProfile['columns'][number];

/** Whether a column of a type can be held against others. */
export const isNumeric = (type: ColumnProfile['type']): boolean => ['integer', 'decimal', 'number'].includes(type);

/** What was found out about a column. */
export function columnProfile(
  column: TableColumn,
  metrics: ColumnMetrics,
  found: Found,
  { rows, top }: { readonly rows: number; readonly top: number },
): ColumnProfile {
  const { name, type, native } = column;
  const present = found.get(metrics.present);
  const values = metrics.values && found.get(metrics.values);
  const distinct = metrics.distinct && found.get(metrics.distinct);
  const semantic = semanticOf(column, metrics, found);
  return {
    ...{ name: name.slice(0, 4000), type, native: native.slice(0, 1000), present, missing: rows - present },
    ...(distinct === undefined ? {} : { distinct: { ...distinct } }),
    ...(semantic === undefined ? {} : { semantic }),
    ...(values === undefined || present === 0 ? {} : spread(values, present)),
    ...(metrics.numbers === undefined ? {} : numbersIn(metrics.numbers, found, present)),
    ...(metrics.texts === undefined ? {} : lengthsIn(metrics.texts, found)),
    ...(metrics.times === undefined ? {} : timesIn(column, metrics.times, found)),
    ...(values === undefined || present === 0 || top === 0 ? {} : { top: topOf(values, top) }),
  };
}

function semanticOf(column: TableColumn, metrics: ColumnMetrics, found: Found): SemanticType | undefined {
  const present = found.get(metrics.present);
  const values = metrics.values && found.get(metrics.values);
  const distinct = metrics.distinct && found.get(metrics.distinct);
  const isFew = values?.isWhole === true && values.values.size <= 12;
  return semanticType({
    ...{ name: column.name, type: column.type, present },
    distinct: distinct?.count ?? 0,
    error: distinct?.error ?? 0,
    range: metrics.numbers && found.get(metrics.numbers.range),
    unit: metrics.numbers === undefined || present === 0 ? 0 : found.get(metrics.numbers.unit) / present,
    patterns: metrics.texts && found.get(metrics.texts.patterns),
    values: isFew ? [...values.values.values()].map(({ text }) => text) : undefined,
  });
}

/** How evenly values share the rows; what many parts with many values cannot say exactly is not said. */
function spread(counts: ValueCounts, present: number): Pick<ColumnProfile, 'mostFrequent' | 'entropy'> {
  const { values, isExact } = topValues(counts, 1);
  // In an order of their own, so that parts of a table add up to the same float64.
  const sorted = [...counts.values.values()].map(({ count }) => count).sort((one, other) => other - one);
  const entropy = sorted.reduce((sum, count) => sum - (count / present) * Math.log2(count / present), 0);
  return {
    ...(isExact ? { mostFrequent: (values[0]?.count ?? 0) / present } : {}),
    ...(counts.isWhole ? { entropy: Math.max(0, entropy) } : {}),
  };
}

function numbersIn(
  metrics: NonNullable<ColumnMetrics['numbers']>,
  found: Found,
  present: number,
): Pick<ColumnProfile, 'numbers'> {
  const [range, shape, at] = [found.get(metrics.range), found.get(metrics.shape), found.get(metrics.quantiles)];
  if (range === undefined || shape === undefined) return {};
  const { mean, deviation, skewness, kurtosis } = shape;
  return {
    numbers: {
      mean: finite(mean),
      ...defined({ deviation, skewness, kurtosis }),
      zeros: found.get(metrics.zeros),
      negatives: found.get(metrics.negatives),
      infinite: present - found.get(metrics.finite),
      ...{ least: range.least, greatest: range.greatest },
      quantiles: (at ?? []).map((value, index) => ({ probability: probabilities[index] ?? 0, value })),
      ...histogramIn(found.get(metrics.histogram)),
    },
  };
}

/** A mean beyond float64 is where it ends. */
const finite = (value: number): number => (Number.isFinite(value) ? value : Math.sign(value || 0) * Number.MAX_VALUE);

function defined(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
}

function histogramIn(histogram: Histogram | undefined): {
  histogram?: { from: number; step: number; counts: number[] };
} {
  return histogram === undefined ? {} : { histogram: { ...histogram, counts: [...histogram.counts] } };
}

function lengthsIn(metrics: NonNullable<ColumnMetrics['texts']>, found: Found): Pick<ColumnProfile, 'lengths'> {
  const [range, moments, median] = [found.get(metrics.range), found.get(metrics.moments), found.get(metrics.median)];
  if (range === undefined || moments === undefined) return {};
  return {
    lengths: {
      ...{ least: range.least, mean: moments.mean, median: median?.[0] ?? 0, greatest: range.greatest },
      ...histogramIn(found.get(metrics.histogram)),
    },
  };
}

function timesIn(
  { type }: TableColumn,
  metrics: NonNullable<ColumnMetrics['times']>,
  found: Found,
): Pick<ColumnProfile, 'times'> {
  const range = found.get(metrics.range);
  if (range === undefined) return {};
  const unit = type === 'date' ? daySeconds : 1;
  const ends = { least: momentText(range.least * unit, type), greatest: momentText(range.greatest * unit, type) };
  const bars = found.get(metrics.histogram);
  const inSeconds = bars && { ...bars, from: bars.from * unit, step: bars.step * unit };
  return { times: { ...ends, ...histogramIn(inSeconds) } };
}

/** Seconds as ISO 8601 has them; what JavaScript has no date for as seconds. */
export function momentText(seconds: number, type: string): string {
  if (Math.abs(seconds) > 8.64e12) return `${seconds} s`;
  const text = new Date(Math.round(seconds * 1000)).toISOString();
  if (type === 'date') return text.slice(0, text.indexOf('T'));
  return type === 'time' ? text.slice(11, -1) : text;
}

function topOf(values: ValueCounts, count: number): NonNullable<ColumnProfile['top']> {
  const { values: top, isExact } = topValues(values, count);
  return {
    isExact,
    values: top.map(({ text, count: each, isCut }) => ({ value: text, count: each, ...(isCut ? { isCut } : {}) })),
  };
}
