import { type ColumnFacts, suggestedQuantiles } from './facts.ts';
import { around, type Ends } from './margin.ts';
import type { Suggestion } from './suggestion.ts';

/** Ends that a meaning has by itself. */
const naturalEnds: Readonly<Record<string, Partial<Ends>>> = {
  latitude: { least: -90, greatest: 90 },
  longitude: { least: -180, greatest: 180 },
  ratio: { least: 0, greatest: 1 },
  percentage: { least: 0, greatest: 100 },
  count: { least: 0 },
  duration: { least: 0 },
};

/** What so few values have in common may be the value of one row. */
const enoughToHide = 200;
/** Fewer values have no distribution. */
const enough = 20;

/** Ranges, means and quantiles of a column of numbers. */
export function numbersOf(facts: ColumnFacts): Suggestion[] {
  const { column, profile, isOtherToPandas, values } = facts;
  const numbers = profile.numbers;
  if (numbers === undefined || numbers.infinite > 0 || isOtherToPandas || values !== undefined) return [];
  const range = rangeOf(facts);
  const isSpread = profile.semantic?.type !== 'identifier' && column.type !== 'decimal';
  const isEnough = profile.present >= (facts.isHidden ? enoughToHide : enough);
  return isSpread && isEnough ? [...range, ...meanOf(facts), ...quantilesOf(facts)] : range;
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))} %`;

function rangeOf({ column, profile, margin, isHidden }: ColumnFacts): Suggestion[] {
  const { semantic, numbers = { least: undefined, greatest: undefined } } = profile;
  const { least, greatest } = numbers;
  const natural = semantic?.share === 1 ? (naturalEnds[semantic.type] ?? {}) : {};
  const isSeen = least !== undefined && greatest !== undefined && !isHidden;
  const isIdentifier = semantic?.type === 'identifier';
  const moved: Partial<Ends> = isSeen && !isIdentifier ? around({ least, greatest }, margin) : {};
  const ends = { ...moved, ...natural };
  if (isSeen && !isIdentifier && least >= 0 && (ends.least ?? 0) < 0 && natural.least === undefined) ends.least = 0;
  if (ends.least === undefined && ends.greatest === undefined) return [];
  const notes = [
    ...(isSeen ? [`${profile.present} values from ${least} to ${greatest}`] : []),
    ...(isSeen && !isIdentifier ? [`ends moved outward by ${percent(margin)} of the width`] : []),
    ...(Object.keys(natural).length === 0
      ? []
      : [`the values mean ${semantic?.type ?? ''}, which has ends of its own`]),
  ];
  const kwargs = {
    column: column.name,
    ...(ends.least === undefined ? {} : { min_value: ends.least }),
    ...(ends.greatest === undefined ? {} : { max_value: ends.greatest }),
  };
  return [{ type: 'expect_column_values_to_be_between', kwargs, notes, severity: 'critical' }];
}

function meanOf({ column, profile, margin }: ColumnFacts): Suggestion[] {
  const { mean, deviation } = profile.numbers ?? {};
  if (mean === undefined || deviation === undefined || deviation === 0) return [];
  const { least, greatest } = around({ least: mean, greatest: mean }, margin, deviation);
  const notes = [`mean ${mean}, standard deviation ${deviation}; moved by ${percent(margin)} of the deviation`];
  const kwargs = { column: column.name, min_value: least, max_value: greatest };
  return [{ type: 'expect_column_mean_to_be_between', kwargs, notes, severity: 'warning' }];
}

function quantilesOf(facts: ColumnFacts): Suggestion[] {
  const { column, profile, margin, nearest, isHidden } = facts;
  const pairs = suggestedQuantiles.flatMap((probability, index): [number, Ends][] => {
    const linear = profile.numbers?.quantiles?.find((each) => each.probability === probability)?.value;
    const near = nearest?.[index];
    if (linear === undefined || near === undefined) return [];
    return [[probability, { least: Math.min(linear, near), greatest: Math.max(linear, near) }]];
  });
  const [first, last] = [pairs[0]?.[1], pairs.at(-1)?.[1]];
  if (first === undefined || last === undefined || last.greatest <= first.least) return [];
  const width = last.greatest - first.least;
  const ranges = pairs.map(([, ends]) => around(ends, margin, width));
  const seen = pairs.map(([probability, { least }]) => `${percent(probability)}: ${least}`).join(', ');
  const kwargs = {
    column: column.name,
    quantile_ranges: {
      quantiles: pairs.map(([probability]) => probability),
      value_ranges: ranges.map(({ least, greatest }) => [least, greatest]),
    },
  };
  const notes = [
    isHidden ? `quantiles of ${profile.present} values, which are not shown` : `quantiles seen: ${seen}`,
    `moved by ${percent(margin)} of the width between the outer ones`,
  ];
  return [{ type: 'expect_column_quantile_values_to_be_between', kwargs, notes, severity: 'warning' }];
}
