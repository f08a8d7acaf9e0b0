import type { TableColumn } from '@holdfast/dataset';
import { countWhere, present } from '../../metrics/count.ts';
import { valueCounts } from '../../metrics/value-counts.ts';
import { among, asDouble, isNumeric } from '../columns.ts';
import { type ExpectationType, type Outcome, type Prepared, type Scene, Unanswerable } from '../expectation-type.ts';
import type { Kwargs } from '../kwargs.ts';
import { type Partition, partitionOf } from '../partition.ts';

/** Σ p ln(p / q), both made to sum to 1; infinite where something is there that nobody expects. In nats. */
function divergence(observed: readonly number[], expected: readonly number[]): number {
  const [all, whole] = [observed, expected].map((weights) => weights.reduce((sum, weight) => sum + weight, 0));
  return observed.reduce((sum, weight, index) => {
    const [p, q] = [weight / (all ?? 0), (expected[index] ?? 0) / (whole ?? 0)];
    return p === 0 ? sum : sum + p * Math.log(p / q);
  }, 0);
}

const lessDivergence: ExpectationType = {
  name: 'expect_column_kl_divergence_to_be_less_than',
  prepare(kwargs, scene) {
    const partition = partitionOf(kwargs);
    const holdouts = holdoutsOf(kwargs, partition);
    const threshold = kwargs.number('threshold') ?? Number.POSITIVE_INFINITY;
    if (threshold < 0) kwargs.refuse('threshold', 'is negative');
    const isBucketed = kwargs.flag('bucketize_data', true);
    if (partition.kind === 'bins' && !isBucketed)
      kwargs.refuse('bucketize_data', 'has to be true where the partition has bins');
    const column = among(scene.column(kwargs.text('column')), scene.where);
    const judged = (value: number): Outcome => ({
      success: value <= threshold,
      observed: Number.isFinite(value) ? value : null,
    });
    return partition.kind === 'values'
      ? ofValues(column, partition, holdouts.tail, judged)
      : ofBins(asDouble(column, scene), scene, binsOf(partition, holdouts, kwargs), judged);
  },
};

interface Holdouts {
  readonly tail: number;
  readonly internal: number;
}

function holdoutsOf(kwargs: Kwargs, partition: Partition): Holdouts {
  const [tail, internal] = ['tail_weight_holdout', 'internal_weight_holdout'].map((name) => {
    const value = kwargs.number(name) ?? 0;
    return value >= 0 && value <= 1 ? value : kwargs.refuse(name, 'is not between 0 and 1');
  });
  if (partition.kind === 'values' && internal !== 0) kwargs.refuse('internal_weight_holdout', 'is for bins only');
  if (partition.kind === 'bins' && partition.tails !== undefined && tail !== 0) {
    kwargs.refuse('tail_weight_holdout', 'has to be 0 where the partition has tails');
  }
  return { tail: tail ?? 0, internal: internal ?? 0 };
}

/** Values by their texts; numbers by what they are, whatever the engine writes. */
const keyOf = (column: TableColumn, value: unknown): string =>
  isNumeric(column) ? String(Number(value)) : String(value);

function ofValues(
  column: TableColumn,
  { values, weights }: Extract<Partition, { kind: 'values' }>,
  holdout: number,
  judged: (value: number) => Outcome,
): Prepared {
  const counted = valueCounts(column);
  return {
    metrics: [counted],
    judge(found) {
      const seen = found.get(counted);
      if (!seen.isWhole) throw new Unanswerable(`\`${column.name}\` has too many different values`);
      const counts = new Map([...seen.values.values()].map(({ text, count }) => [keyOf(column, text), count]));
      const known = new Set(values.map((value) => keyOf(column, value)));
      const strangers = [...counts].filter(([key]) => !known.has(key)).map(([, count]) => count);
      const scale = strangers.length === 0 ? 1 : 1 - holdout;
      const expected = [...weights.map((weight) => weight * scale), ...strangers.map(() => holdout / strangers.length)];
      return judged(
        divergence([...values.map((value) => counts.get(keyOf(column, value)) ?? 0), ...strangers], expected),
      );
    },
  };
}

interface ExpectedBins {
  readonly edges: readonly number[];
  /** One for each bin, and one before and behind them where the ends are finite. */
  readonly weights: readonly number[];
}

function binsOf(
  { edges, weights, tails }: Extract<Partition, { kind: 'bins' }>,
  { tail, internal }: Holdouts,
  kwargs: Kwargs,
): ExpectedBins {
  const scaled = weights.map((weight) => weight * (1 - tail - internal));
  const empty = scaled.filter((weight) => weight === 0).length;
  const filled = scaled.map((weight) => (weight === 0 && internal > 0 ? internal / empty : weight));
  const [isOpenBelow, isOpenAbove] = [edges[0] === Number.NEGATIVE_INFINITY, edges.at(-1) === Number.POSITIVE_INFINITY];
  if (isOpenBelow && isOpenAbove && tail > 0)
    kwargs.refuse('tail_weight_holdout', 'has no place where both ends are infinite');
  const [below, above] = tails ?? (isOpenBelow || isOpenAbove ? [tail, tail] : [tail / 2, tail / 2]);
  return { edges, weights: [...(isOpenBelow ? [] : [below]), ...filled, ...(isOpenAbove ? [] : [above])] };
}

function ofBins(
  column: TableColumn,
  { tables: [table] }: Scene,
  { edges, weights }: ExpectedBins,
  judged: (value: number) => Outcome,
): Prepared {
  const { dialect } = table.engine;
  const at = (sign: string, edge: number): string => `${column.value} ${sign} ${dialect.literal(edge)}`;
  const inside = edges
    .slice(1)
    .map((edge, index) =>
      countWhere(`${at('>=', edges[index] ?? 0)} AND ${at(index === edges.length - 2 ? '<=' : '<', edge)}`),
    );
  const [first = 0, last = 0] = [edges[0], edges.at(-1)];
  const below = first === Number.NEGATIVE_INFINITY ? [] : [countWhere(at('<', first))];
  const above = last === Number.POSITIVE_INFINITY ? [] : [countWhere(at('>', last))];
  const all = [...below, ...inside, ...above];
  const values = present(column);
  return {
    metrics: [values, ...all],
    judge: (found) =>
      judged(
        found.get(values) === 0
          ? Number.NaN
          : divergence(
              all.map((count) => found.get(count)),
              weights,
            ),
      ),
  };
}

export const divergenceExpectations: readonly ExpectationType[] = [lessDivergence];
