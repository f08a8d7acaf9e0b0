export { countWhere, present } from './metrics/count.ts';
export { exactSum, sumOf } from './metrics/exact-sum.ts';
export { type Extremes, extremes } from './metrics/extremes.ts';
export { measure } from './metrics/measure.ts';
export type { Aggregate, Derived, Found, Metric, Question } from './metrics/metric.ts';
export { type Moments, moments } from './metrics/moments.ts';
