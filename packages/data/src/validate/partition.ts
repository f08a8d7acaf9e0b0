import type { Kwargs } from './kwargs.ts';

/** What shares of the values are expected: of single values, or between edges and beyond the outer ones. */
export type Partition =
  | { readonly kind: 'values'; readonly values: readonly unknown[]; readonly weights: readonly number[] }
  | {
      readonly kind: 'bins';
      /** Growing; the first may be −∞ and the last ∞. */
      readonly edges: readonly number[];
      readonly weights: readonly number[];
      readonly tails?: readonly [below: number, above: number];
    };

const isNumbers = (given: unknown): given is number[] =>
  Array.isArray(given) && given.every((each) => typeof each === 'number');

/** The argument `partition_object`. @throws DataError HF_DATA_SUITE */
export function partitionOf(kwargs: Kwargs): Partition {
  const refuse = (why: string): never => kwargs.refuse('partition_object', why);
  const given = (kwargs.raw('partition_object') ?? refuse('is missing')) as Readonly<Record<string, unknown>>;
  const { weights, bins, values, tail_weights: tails } = given;
  if (!isNumbers(weights) || weights.some((weight) => !(weight >= 0))) return refuse('has no list of `weights`');
  if (Array.isArray(values)) {
    if (values.length !== weights.length) refuse('does not give a weight for each value');
    if (!isWhole(weights)) refuse('has weights whose sum is not 1');
    return { kind: 'values', values, weights };
  }
  if (!isNumbers(bins) || bins.length !== weights.length + 1) return refuse('does not give a weight for each bin');
  if (bins.some((edge, index) => index > 0 && !(edge > (bins[index - 1] ?? Number.NaN))))
    refuse('has bins that do not grow');
  if (tails === undefined) {
    if (!isWhole(weights)) refuse('has weights whose sum is not 1');
    return { kind: 'bins', edges: bins, weights };
  }
  if (!isNumbers(tails) || tails.length !== 2) return refuse('does not have two `tail_weights`');
  if (!isWhole([...weights, ...tails])) refuse('has weights whose sum is not 1');
  if (bins.some((edge) => !Number.isFinite(edge))) refuse('has tails beyond an infinite end');
  return { kind: 'bins', edges: bins, weights, tails: [tails[0] ?? 0, tails[1] ?? 0] };
}

const isWhole = (weights: readonly number[]): boolean =>
  Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) <= 1e-8 + 1e-5;
