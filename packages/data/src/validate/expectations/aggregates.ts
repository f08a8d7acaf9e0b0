import type { TableColumn } from '@holdfast/dataset';
import { countWhere, present } from '../../metrics/count.ts';
import { distinctCount } from '../../metrics/distinct-count.ts';
import { sumOf } from '../../metrics/exact-sum.ts';
import type { AnyMetric, Found } from '../../metrics/metric.ts';
import { meanOf, moments } from '../../metrics/moments.ts';
import { quantiles } from '../../metrics/quantiles.ts';
import { boundedOutcome, boundsOf } from '../bounds.ts';
import { among, asDouble } from '../columns.ts';
import type { ExpectationType, Scene } from '../expectation-type.ts';

/** A number about a column: what has to be measured, and what it is then. */
interface ColumnNumber {
  readonly metrics: readonly AnyMetric[];
  readonly value: (found: Found) => number | undefined;
}

/** An expectation that a number about a column lies between two ends. */
function columnNumber(name: string, ask: (column: TableColumn, scene: Scene) => ColumnNumber): ExpectationType {
  return {
    name,
    prepare(kwargs, scene) {
      const bounds = boundsOf(kwargs);
      const { metrics, value } = ask(scene.column(kwargs.text('column')), scene);
      return { metrics, judge: (found) => boundedOutcome(value(found), bounds) };
    },
  };
}

const mean = columnNumber('expect_column_mean_to_be_between', (column, scene) => {
  const average = meanOf(among(asDouble(column, scene), scene.where));
  return { metrics: [average], value: (found) => found.get(average) };
});

const stdev = columnNumber('expect_column_stdev_to_be_between', (column, scene) => {
  const all = moments(among(asDouble(column, scene), scene.where));
  return {
    metrics: [all],
    value(found) {
      const { count = 0, squares = 0 } = found.get(all) ?? {};
      return count < 2 ? undefined : Math.sqrt(squares / (count - 1));
    },
  };
});

const sum = columnNumber('expect_column_sum_to_be_between', (column, scene) => {
  const total = sumOf(among(asDouble(column, scene), scene.where));
  return { metrics: [total], value: (found) => found.get(total) };
});

const median = columnNumber('expect_column_median_to_be_between', (column, scene) => {
  const middle = quantiles(among(asDouble(column, scene), scene.where), [0.5], scene.tables);
  return { metrics: [middle], value: (found) => found.get(middle)?.[0] };
});

const uniqueCount = columnNumber('expect_column_unique_value_count_to_be_between', (column, scene) => {
  const distinct = distinctCount(among(column, scene.where));
  return { metrics: [distinct], value: (found) => found.get(distinct) };
});

const uniqueShare = columnNumber('expect_column_proportion_of_unique_values_to_be_between', (column, scene) => {
  const filtered = among(column, scene.where);
  const [distinct, values] = [distinctCount(filtered), present(filtered)];
  return {
    metrics: [distinct, values],
    value: (found) => (found.get(values) === 0 ? 0 : found.get(distinct) / found.get(values)),
  };
});

const presentShare = columnNumber('expect_column_proportion_of_non_null_values_to_be_between', (column, scene) => {
  const [values, rows] = [present(column, scene.where), countWhere(scene.where)];
  return {
    metrics: [values, rows],
    value: (found) => (found.get(rows) === 0 ? 0 : found.get(values) / found.get(rows)),
  };
});

export const aggregateExpectations: readonly ExpectationType[] = [
  ...[mean, stdev, sum, median, uniqueCount, uniqueShare, presentShare],
];
