import type { ResourceTrace } from './trace.ts';

/** The measures of a trace that are compared with earlier runs. */
export type TraceMetric = 'wallMs' | 'cpuMs' | 'peakRssBytes' | 'writeBytes' | 'processes' | 'logBytes' | 'outputBytes';

/** A measure that departs from earlier runs; shaped like a `Finding`, with the arithmetic behind it. */
export interface TraceAnomaly {
  readonly rule: 'run.anomaly';
  readonly severity: 'medium';
  readonly message: string;
  readonly fix: string;
  readonly metric: TraceMetric;
  readonly value: number;
  readonly median: number;
  /** Modified z-score; infinite when all earlier runs agree to the last digit. */
  readonly score: number;
  /** Earlier runs that had this measure. */
  readonly runs: number;
}

/** Fewer earlier runs than this say nothing. */
export const minimumRuns = 5;

/** More than this are not looked at: the newest count. */
const maximumRuns = 50;

const mebibyte = 1024 * 1024;

/** The least change that can matter to anybody, per measure. */
const floors: Readonly<Record<TraceMetric, number>> = {
  wallMs: 250,
  cpuMs: 250,
  peakRssBytes: 32 * mebibyte,
  writeBytes: 32 * mebibyte,
  processes: 3,
  logBytes: mebibyte,
  outputBytes: mebibyte,
};

/** The least change relative to the median. */
const relativeFloor = 0.5;

/** B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC 1993: |M| > 3.5 is an outlier. */
const threshold = 3.5;

/**
 * Says which measures of a run depart from earlier runs of the same stage, up or down. All three must hold: the
 * modified z-score of Iglewicz and Hoaglin is beyond 3.5, the change is at least half the median, and it is at least
 * the floor of the measure (250 ms, 32 MiB, 3 processes, 1 MiB of log or outputs).
 *
 * @param earlier Oldest first; fewer than 5 with a measure: nothing is said about it. The newest 50 count.
 */
export function compareTrace(current: ResourceTrace, earlier: readonly ResourceTrace[]): readonly TraceAnomaly[] {
  const metrics = Object.keys(floors) as TraceMetric[];
  return metrics.flatMap((metric) => compareMetric(metric, current, earlier));
}

function compareMetric(metric: TraceMetric, current: ResourceTrace, earlier: readonly ResourceTrace[]): TraceAnomaly[] {
  const value = current[metric];
  const known = earlier
    .map((trace) => trace[metric])
    .filter(isMeasured)
    .slice(-maximumRuns);
  if (!isMeasured(value) || known.length < minimumRuns) return [];
  const middle = median(known);
  const change = Math.abs(value - middle);
  const score = modifiedZScore(value, known);
  if (Math.abs(score) <= threshold || change < floors[metric] || change < relativeFloor * middle) return [];
  return [
    { ...wording(metric, value, middle, known.length), metric, value, median: middle, score, runs: known.length },
  ];
}

function isMeasured(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value >= 0;
}

/**
 * M = 0.6745 (x − median) / MAD. When more than half of the values agree, MAD is 0 and says nothing about the
 * others; then M = (x − median) / (1.253314 · mean absolute deviation), which estimates the same spread.
 */
export function modifiedZScore(value: number, others: readonly number[]): number {
  const middle = median(others);
  const deviations = others.map((other) => Math.abs(other - middle));
  const mad = median(deviations);
  if (mad > 0) return (0.6745 * (value - middle)) / mad;
  const mean = deviations.reduce((sum, deviation) => sum + deviation, 0) / deviations.length;
  return value === middle ? 0 : (value - middle) / (1.253314 * mean);
}

/** @param values At least one. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (upper + lower) / 2;
}

const names: Readonly<Record<TraceMetric, string>> = {
  wallMs: 'time',
  cpuMs: 'processor time',
  peakRssBytes: 'peak memory',
  writeBytes: 'written bytes',
  processes: 'number of processes',
  logBytes: 'log size',
  outputBytes: 'size of the outputs',
};

function wording(metric: TraceMetric, value: number, middle: number, runs: number) {
  const ratio = middle === 0 ? '' : `, ${(value / middle).toFixed(2)} times it`;
  return {
    rule: 'run.anomaly' as const,
    severity: 'medium' as const,
    message: `${names[metric]} was \`${Math.round(value)}\`, the median of ${runs} earlier runs is \`${Math.round(middle)}\`${ratio}`,
    fix: 'compare what went in with the earlier runs; if the change is meant, later runs will get used to it',
  };
}
