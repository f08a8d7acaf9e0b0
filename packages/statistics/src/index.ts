export { binomialInterval, type Interval } from './binomial-interval.ts';
export { type BootstrapOptions, bootstrapInterval } from './bootstrap-interval.ts';
export {
  type BettingFunction,
  type BettingOptions,
  bettingFunction,
  mixturePayoff,
  payoff,
} from './conformal/betting.ts';
export { nextEvidence } from './conformal/evidence-process.ts';
export { rankPValue } from './conformal/rank-p-value.ts';
export { conformalRank, conformalThreshold } from './conformal/split-conformal.ts';
export { cholesky, invertLower, squaredDistance } from './covariance/cholesky.ts';
export { ledoitWolf, type Matrix, type ShrunkCovariance } from './covariance/ledoit-wolf.ts';
export { principalComponents } from './covariance/principal-components.ts';
export { chebyshev } from './distances/chebyshev.ts';
export { energyDistance } from './distances/energy-distance.ts';
export { hellinger } from './distances/hellinger.ts';
export { jensenShannon } from './distances/jensen-shannon.ts';
export { kullbackLeibler } from './distances/kullback-leibler.ts';
export {
  type MaximumMeanDiscrepancyOptions,
  type MaximumMeanDiscrepancyResult,
  maximumMeanDiscrepancy,
} from './distances/maximum-mean-discrepancy.ts';
export { type PopulationStabilityOptions, populationStability } from './distances/population-stability.ts';
export { totalVariation } from './distances/total-variation.ts';
export { wasserstein } from './distances/wasserstein.ts';
export { cliffsDelta } from './effect/cliffs-delta.ts';
export { cohensD, standardisedMeanDifference } from './effect/cohens-d.ts';
export { cramersV } from './effect/cramers-v.ts';
export { effectThresholds, type Magnitude, magnitude, type Thresholds } from './effect/thresholds.ts';
export { StatisticsError, type StatisticsErrorCode, statisticsErrors } from './errors.ts';
export { mean, meanInterval } from './mean-interval.ts';
export { type AdjustmentMethod, adjustP } from './multiple-testing/adjust-p.ts';
export { median, quantile } from './quantile.ts';
export { type Random, type Reorderable, randomOf } from './random.ts';
export { type AndersonDarlingOptions, type AndersonDarlingResult, andersonDarling } from './tests/anderson-darling.ts';
export { type ChiSquareResult, chiSquare } from './tests/chi-square.ts';
export { type CramerVonMisesResult, cramerVonMises } from './tests/cramer-von-mises.ts';
export { type EppsSingletonResult, eppsSingleton } from './tests/epps-singleton.ts';
export { type KolmogorovSmirnovResult, kolmogorovSmirnov } from './tests/kolmogorov-smirnov.ts';
export { type MannWhitneyResult, mannWhitney } from './tests/mann-whitney.ts';
export type { TestResult } from './tests/test-result.ts';
