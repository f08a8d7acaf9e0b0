import {
  andersonDarling,
  chebyshev,
  cramerVonMises,
  energyDistance,
  eppsSingleton,
  hellinger,
  jensenShannon,
  kolmogorovSmirnov,
  kullbackLeibler,
  mannWhitney,
  populationStability,
  StatisticsError,
  totalVariation,
  wasserstein,
} from '@holdfast/statistics';
import { type ColumnDrift, finiteOnly, type Picture, type Test } from './column-drift.ts';
import { countUpTo, quantileBins } from './quantile-bins.ts';

/** Values of both samples up to which Anderson–Darling's p is by permutation: its table does not know ties. */
const mostPermuted = 10_000;
const permutations = 999;
const bars = 24;

/** Two sorted samples of finite numbers held against each other. */
export function numericDrift(
  current: Float64Array,
  reference: Float64Array,
  { tests, seed }: { readonly tests: 'default' | 'all'; readonly seed: number },
): Pick<ColumnDrift, 'tests' | 'effects' | 'picture'> {
  if (current.length === 0 || reference.length === 0) return { tests: [], effects: {} };
  const ks = kolmogorovSmirnov(current, reference);
  const more = tests === 'all' ? otherTests(current, reference, seed) : [];
  const bins = quantileBins(current, reference);
  const [now, before] = [bins.current, bins.reference];
  const distance = attempt(() => wasserstein(current, reference));
  const deviation = deviationOf(reference);
  return {
    tests: [{ name: 'Kolmogorov–Smirnov', statistic: ks.statistic, p: ks.p }, ...more],
    effects: finiteOnly({
      ks: ks.statistic,
      cliffs_delta: 2 * mannWhitney(current, reference).commonLanguage - 1,
      psi: populationStability(now, before),
      js: jensenShannon(now, before),
      hellinger: hellinger(now, before),
      tvd: totalVariation(now, before),
      linf: chebyshev(now, before),
      kl: kullbackLeibler(withoutZeros(now), withoutZeros(before)),
      wasserstein: distance,
      wasserstein_sd: distance === undefined || !(deviation > 0) ? undefined : distance / deviation,
      energy: attempt(() => energyDistance(current, reference)),
    }),
    ...pictureOf(current, reference),
  };
}

/** With fewer values its χ² is too often large: in null runs p ≤ 0.002 was there twice as often as it may be. */
const leastForEppsSingleton = 25;

function otherTests(current: Float64Array, reference: Float64Array, seed: number): Test[] {
  const isFew = current.length + reference.length <= mostPermuted;
  const named = {
    'Cramér–von Mises': () => cramerVonMises(current, reference),
    'Anderson–Darling': () => {
      const { statistic, p, permutationP } = andersonDarling(current, reference, {
        ...{ seed, permutations: isFew ? permutations : 0 },
      });
      return { statistic, p: permutationP ?? p };
    },
    'Mann–Whitney': () => mannWhitney(current, reference),
    ...(Math.min(current.length, reference.length) < leastForEppsSingleton
      ? {}
      : { 'Epps–Singleton': () => eppsSingleton(current, reference) }),
  };
  return Object.entries(named).flatMap(([name, test]) => {
    const result = attempt<{ statistic: number; p: number }>(test);
    return result === undefined ? [] : [{ name, statistic: result.statistic, p: result.p }];
  });
}

/** Nothing where there are too few values for it, or they do not differ. */
function attempt<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof StatisticsError && error.code === 'HF_STATISTICS_VALUES') return undefined;
    throw error;
  }
}

/** An empty bin counts as half a value, as it does for the population stability index; else the divergence is infinite. */
export function withoutZeros(counts: readonly number[]): number[] {
  return counts.map((count) => (count === 0 ? 0.5 : count));
}

/** Of the sample, over n - 1. */
function deviationOf(values: Float64Array): number {
  const middle = values.reduce((sum, value) => sum + value / values.length, 0);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return values[0] === values.at(-1) ? 0 : Math.sqrt(squares / (values.length - 1));
}

/** Equal bins between the outermost values but for the last 1 % at each end, which are in the outermost bins. */
function pictureOf(current: Float64Array, reference: Float64Array): { readonly picture?: Picture } {
  const ends = [current, reference].map((values) => [at(values, 0.01), at(values, 0.99)] as const);
  const low = Math.min(...ends.map(([end]) => end));
  const high = Math.max(...ends.map(([, end]) => end));
  const step = (high - low) / bars;
  if (!(step > 0) || !Number.isFinite(step)) return {};
  const edges = Array.from({ length: bars + 1 }, (_, index) => low + index * step);
  const counts = (values: Float64Array): number[] => {
    const below = edges.slice(1, -1).map((edge) => countUpTo(values, edge));
    return [...below, values.length].map((end, index) => end - (below[index - 1] ?? 0));
  };
  return { picture: { edges, current: counts(current), reference: counts(reference) } };
}

const at = (sorted: Float64Array, share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
