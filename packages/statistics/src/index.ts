export { binomialInterval, type Interval } from './binomial-interval.ts';
export { type BootstrapOptions, bootstrapInterval } from './bootstrap-interval.ts';
export { StatisticsError, type StatisticsErrorCode, statisticsErrors } from './errors.ts';
export { mean, meanInterval } from './mean-interval.ts';
export { median, quantile } from './quantile.ts';
export { type Random, type Reorderable, randomOf } from './random.ts';
