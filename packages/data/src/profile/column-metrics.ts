import type { Table, TableColumn } from '@holdfast/dataset';
import { countWhere, present } from '../metrics/count.ts';
import { distinct } from '../metrics/distinct.ts';
import { extremes } from '../metrics/extremes.ts';
import { daysOf, finiteNumbers, lengthsOf, secondsOf } from '../metrics/finite.ts';
import { histogram } from '../metrics/histogram.ts';
import type { AnyMetric } from '../metrics/metric.ts';
import { moments } from '../metrics/moments.ts';
import { quantiles } from '../metrics/quantiles.ts';
import { shape } from '../metrics/shape.ts';
import { valueCounts } from '../metrics/value-counts.ts';
import { patternShares } from './pattern-shares.ts';

/** The quantiles that a profile has of each column of numbers. */
export const probabilities = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;

type Tables = readonly [Table, ...Table[]];

/** The metrics of one column, by what they are for; what has no meaning for its type is not there. */
export type ColumnMetrics = ReturnType<typeof metricsOf>;

function metricsOf(tables: Tables, column: TableColumn) {
  const { dialect } = tables[0].engine;
  const { type } = column;
  const isNumber = type === 'integer' || type === 'decimal' || type === 'number';
  const isTime = type === 'date' || type === 'time' || type === 'timestamp';
  const isPlain = type !== 'bytes' && type !== 'nested';
  return {
    present: present(column),
    ...(isPlain ? { values: valueCounts(column), distinct: distinct(column) } : {}),
    ...(isNumber ? { numbers: numbersOf(tables, finiteNumbers(dialect, column)) } : {}),
    ...(type === 'text' ? { texts: textsOf(tables, lengthsOf(dialect, column), column) } : {}),
    ...(isTime ? { times: timesOf(type === 'date' ? daysOf(dialect, column) : secondsOf(dialect, column)) } : {}),
  };
}

export function columnMetrics(tables: Tables, column: TableColumn): ColumnMetrics {
  return metricsOf(tables, column);
}

function numbersOf(tables: Tables, finite: TableColumn) {
  const { dialect } = tables[0].engine;
  const value = dialect.double(finite.value);
  const [zero, one] = [0, 1].map((number) => dialect.double(dialect.literal(number)));
  return {
    finite: present(finite),
    range: extremes(finite),
    shape: shape(finite),
    zeros: countWhere(`${value} = ${zero ?? ''}`),
    negatives: countWhere(`${value} < ${zero ?? ''}`),
    unit: countWhere(`${value} BETWEEN ${zero ?? ''} AND ${one ?? ''}`),
    quantiles: quantiles(finite, probabilities, tables),
    histogram: histogram(finite),
  };
}

function textsOf(tables: Tables, lengths: TableColumn, column: TableColumn) {
  return {
    range: extremes(lengths),
    moments: moments(lengths),
    median: quantiles(lengths, [0.5], tables),
    histogram: histogram(lengths),
    patterns: patternShares(column),
  };
}

/** Of dates in days, of others in seconds. */
function timesOf(instants: TableColumn) {
  return { range: extremes(instants), histogram: histogram(instants) };
}

/** All of them, to be measured together. */
export function allOf({
  present: count,
  values,
  distinct: different,
  numbers,
  texts,
  times,
}: ColumnMetrics): AnyMetric[] {
  const plain: (AnyMetric | undefined)[] = [count, values, different];
  const parts: Readonly<Record<string, AnyMetric>>[] = [numbers ?? {}, texts ?? {}, times ?? {}];
  return [...plain.filter((each) => each !== undefined), ...parts.flatMap((part) => Object.values(part))];
}
