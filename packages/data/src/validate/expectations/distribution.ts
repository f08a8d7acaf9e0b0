import type { TableColumn } from '@holdfast/dataset';
import { countWhere } from '../../metrics/count.ts';
import type { Aggregate, AnyMetric, Found } from '../../metrics/metric.ts';
import { moments } from '../../metrics/moments.ts';
import { type Interpolation, quantiles } from '../../metrics/quantiles.ts';
import { among, asDouble } from '../columns.ts';
import { type ExpectationType, type Outcome, type Prepared, type Scene, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { mapOutcome } from '../value-map.ts';

const interpolations: readonly Interpolation[] = ['linear', 'lower', 'higher', 'midpoint', 'nearest'];

const quantileRanges: ExpectationType = {
  name: 'expect_column_quantile_values_to_be_between',
  prepare(kwargs, scene) {
    const column = among(asDouble(scene.column(kwargs.text('column')), scene), scene.where);
    const { probabilities, ranges } = rangesOf(kwargs);
    const found = quantiles(column, probabilities, scene.tables, interpolationOf(kwargs));
    return {
      metrics: [found],
      judge(all): Outcome {
        const values = all.get(found);
        if (values === undefined) return { success: false, observed: null };
        const success = values.every((value, index) => isInRange(value, ranges[index] ?? [Number.NaN, Number.NaN]));
        return { success, observed: { quantiles: probabilities, values } };
      },
    };
  },
};

function interpolationOf(kwargs: Kwargs): Interpolation {
  const given = kwargs.raw('allow_relative_error') ?? false;
  if (given === false) return 'nearest';
  const found = interpolations.find((each) => each === given);
  return found ?? kwargs.refuse('allow_relative_error', `is none of ${interpolations.join(', ')}`);
}

type Range = readonly [least: number, greatest: number];

function rangesOf(kwargs: Kwargs): { probabilities: readonly number[]; ranges: readonly Range[] } {
  const given = kwargs.raw('quantile_ranges') as { quantiles?: unknown; value_ranges?: unknown } | undefined;
  const { quantiles: probabilities, value_ranges: ranges } = given ?? {};
  if (!Array.isArray(probabilities) || !Array.isArray(ranges) || probabilities.length !== ranges.length) {
    return kwargs.refuse('quantile_ranges', 'does not give a range for each quantile');
  }
  if (!probabilities.every((each) => typeof each === 'number' && each >= 0 && each <= 1)) {
    return kwargs.refuse('quantile_ranges', 'holds a quantile that is not between 0 and 1');
  }
  return { probabilities: probabilities as number[], ranges: ranges.map((range: unknown) => rangeOf(kwargs, range)) };
}

function rangeOf(kwargs: Kwargs, range: unknown): Range {
  const ends: unknown[] =
    Array.isArray(range) && range.length === 2 ? range : kwargs.refuse('quantile_ranges', 'holds no pair');
  const [least, greatest] = [ends[0] ?? Number.NEGATIVE_INFINITY, ends[1] ?? Number.POSITIVE_INFINITY];
  if (typeof least === 'number' && typeof greatest === 'number') return [least, greatest];
  return kwargs.refuse('quantile_ranges', 'holds a range whose ends are no numbers');
}

/** GX: what is within a relative 1e-4 of an end lies on it. */
function isInRange(value: number, [least, greatest]: Range): boolean {
  const isNear = (end: number): boolean => Math.abs(value - end) <= 1e-8 + 1e-4 * Math.abs(end) && Number.isFinite(end);
  return isNear(least) || isNear(greatest) || (least <= value && value <= greatest);
}

/** Rows for which a condition is true that is only known when others metrics are. */
function countWhen(
  key: string,
  after: readonly AnyMetric[],
  condition: (found: Found) => string,
): Aggregate<number, number> {
  return {
    ...countWhere(key),
    key: `count when ${key}`,
    after,
    expressions: (_table, found) => [`count(CASE WHEN ${condition(found)} THEN 1 END)`],
  };
}

/** An expectation about each value whose bounds follow from all values. `holds` is SQL; undefined holds for all. */
function boundedMap(
  { kwargs, scene, column, key }: { kwargs: Kwargs; scene: Scene; column: TableColumn; key: string },
  after: readonly AnyMetric[],
  holds: (found: Found) => string | undefined,
): Prepared {
  const mostly = kwargs.mostly();
  const filtered = (condition: string): string =>
    scene.where === undefined ? condition : `(${scene.where}) AND (${condition})`;
  const unexpected = (found: Found): string =>
    filtered(`${column.value} IS NOT NULL AND NOT COALESCE(${holds(found) ?? 'TRUE'}, FALSE)`);
  const [elements, missing] = [countWhere(scene.where), countWhere(filtered(`${column.value} IS NULL`))];
  // What cannot be told is told when it is judged; the others are counted with it in one SELECT.
  const counted = (found: Found): string => {
    try {
      return unexpected(found);
    } catch (error) {
      if (error instanceof Unanswerable) return 'FALSE';
      throw error;
    }
  };
  const bad = countWhen(`${key} of ${column.value} ${scene.where ?? ''}`, after, counted);
  return {
    metrics: [elements, missing, bad, ...after],
    judge(found) {
      const counts = { elements: found.get(elements), missing: found.get(missing), unexpected: found.get(bad) };
      return mapOutcome(counts, mostly, { where: unexpected(found), columns: [column] });
    },
  };
}

const zScores: ExpectationType = {
  name: 'expect_column_value_z_scores_to_be_less_than',
  prepare(kwargs, scene) {
    const column = asDouble(scene.column(kwargs.text('column')), scene);
    const { dialect } = scene.tables[0].engine;
    const threshold = kwargs.number('threshold') ?? kwargs.refuse('threshold', 'is missing');
    const isDoubleSided = kwargs.flag('double_sided', true);
    const all = moments(among(column, scene.where));
    return boundedMap({ kwargs, scene, column, key: `z ${threshold} ${isDoubleSided}` }, [all], (found) => {
      const { count = 0, mean = 0, squares = 0 } = found.get(all) ?? {};
      if (count < 2) return undefined;
      const deviation = requireFinite(column, Math.sqrt(squares / (count - 1)));
      if (deviation === 0) return undefined;
      const distance = `((${dialect.double(column.value)} - ${dialect.double(dialect.literal(mean))}) / ${dialect.double(dialect.literal(deviation))})`;
      return `${isDoubleSided ? `abs(${distance})` : distance} < ${dialect.literal(threshold)}`;
    });
  },
};

/** GX calls no value odd where infinite ones leave no mean to compare with; here it is not known. */
function requireFinite({ name }: TableColumn, deviation: number): number {
  if (Number.isFinite(deviation)) return deviation;
  throw new Unanswerable(`\`${name}\` holds infinite values: it has no standard deviation`);
}

const outliers: ExpectationType = {
  name: 'expect_column_values_to_not_be_outliers',
  prepare(kwargs, scene) {
    const column = asDouble(scene.column(kwargs.text('column')), scene);
    const method = kwargs.raw('method') ?? 'iqr';
    const multiplier = kwargs.number('multiplier') ?? 1.5;
    if (multiplier < 0) kwargs.refuse('multiplier', 'is negative');
    if (method === 'iqr') return byQuartiles(kwargs, scene, column, multiplier);
    if (method === 'std') return byDeviation(kwargs, scene, column, multiplier);
    throw new Unanswerable(`\`method\` does not take ${JSON.stringify(method)}`);
  },
};

/** Tukey's fences, each included. */
function byQuartiles(kwargs: Kwargs, scene: Scene, column: TableColumn, multiplier: number): Prepared {
  const { dialect } = scene.tables[0].engine;
  const quartiles = quantiles(among(column, scene.where), [0.25, 0.75], scene.tables);
  return boundedMap({ kwargs, scene, column, key: `iqr ${multiplier}` }, [quartiles], (found) => {
    const [low, high] = found.get(quartiles) ?? [];
    if (low === undefined || high === undefined) return undefined;
    const reach = multiplier * (high - low);
    return `${column.value} >= ${dialect.literal(low - reach)} AND ${column.value} <= ${dialect.literal(high + reach)}`;
  });
}

/** Nearer to the mean than so many standard deviations; with none, the mean itself. */
function byDeviation(kwargs: Kwargs, scene: Scene, column: TableColumn, multiplier: number): Prepared {
  const { dialect } = scene.tables[0].engine;
  const all = moments(among(column, scene.where));
  return boundedMap({ kwargs, scene, column, key: `std ${multiplier}` }, [all], (found) => {
    const { count = 0, mean = 0, squares = 0 } = found.get(all) ?? {};
    if (count < 2) return undefined;
    const reach = multiplier * requireFinite(column, Math.sqrt(squares / (count - 1)));
    const centre = dialect.double(dialect.literal(mean));
    if (reach <= 0) return `${column.value} = ${centre}`;
    return `abs(${dialect.double(column.value)} - ${centre}) < ${dialect.double(dialect.literal(reach))}`;
  });
}

export const distributionExpectations: readonly ExpectationType[] = [quantileRanges, zScores, outliers];
