import { expect, test } from 'vitest';
import { compareTrace, modifiedZScore } from '../src/execution/anomaly.ts';
import { maximumSamples, type ResourceTrace, SampleSeries } from '../src/execution/trace.ts';

const mebibyte = 1048576;

function trace(more: Partial<ResourceTrace>): ResourceTrace {
  return { wallMs: 1000, logBytes: 0, samples: [], ...more };
}

function walls(...values: number[]): ResourceTrace[] {
  return values.map((wallMs) => trace({ wallMs }));
}

function metrics(current: ResourceTrace, earlier: readonly ResourceTrace[]): string[] {
  return compareTrace(current, earlier).map(({ metric }) => metric);
}

test('the modified z-score of Iglewicz and Hoaglin, worked by hand', () => {
  // median of 1 2 3 4 100 is 3; deviations 2 1 0 1 97, their median 1; 0.6745 · 97 / 1
  expect(modifiedZScore(100, [1, 2, 3, 4, 100])).toBeCloseTo(65.4265, 10);
  // an even number: median of 10 20 30 40 is 25; deviations 15 5 5 15, median 10; 0.6745 · (5 − 25) / 10
  expect(modifiedZScore(5, [40, 10, 30, 20])).toBeCloseTo(-1.349, 10);
});

test('where half of the values agree, the mean absolute deviation stands in', () => {
  // median 10, deviations 0 0 0 0 5: MAD 0, mean 1; (12 − 10) / (1.253314 · 1)
  expect(modifiedZScore(12, [10, 10, 10, 10, 15])).toBeCloseTo(1.59577, 5);
  expect(modifiedZScore(10, [10, 10, 10, 10, 10])).toBe(0);
  expect(modifiedZScore(11, [10, 10, 10, 10, 10])).toBe(Number.POSITIVE_INFINITY);
});

test('a run that takes three times as long is an anomaly, with the arithmetic behind it', () => {
  // median 1000; deviations 0 10 10 20 20: MAD 10; 0.6745 · 2000 / 10 = 134.9
  const [found, ...rest] = compareTrace(trace({ wallMs: 3000 }), walls(1000, 990, 1010, 980, 1020));
  expect(rest).toEqual([]);
  expect(found).toMatchObject({ rule: 'run.anomaly', metric: 'wallMs', value: 3000, median: 1000, runs: 5 });
  expect(found?.score).toBeCloseTo(134.9, 10);
  expect(found?.message).toBe('time was `3000`, the median of 5 earlier runs is `1000`, 3.00 times it');
});

test('a run that takes a third of the time is one, too', () => {
  expect(metrics(trace({ wallMs: 333 }), walls(1000, 990, 1010, 980, 1020))).toEqual(['wallMs']);
});

test('fewer than five earlier runs say nothing', () => {
  expect(metrics(trace({ wallMs: 9000 }), walls(1000, 1000, 1000, 1000))).toEqual([]);
  expect(metrics(trace({ wallMs: 9000 }), walls(1000, 1000, 1000, 1000, 1000))).toEqual(['wallMs']);
});

test.for([
  ['less than half of the median', 1499, [1000, 990, 1010, 980, 1020], []],
  ['half of the median', 1500, [1000, 990, 1010, 980, 1020], ['wallMs']],
  ['less than 250 ms, whatever the ratio', 259, [10, 10, 10, 10, 10], []],
  ['250 ms', 260, [10, 10, 10, 10, 10], ['wallMs']],
  // median 1000, MAD 400: 0.6745 · 2000 / 400 = 3.3725, and 0.6745 · 2100 / 400 = 3.541125
  ['a score of 3.37', 3000, [200, 600, 1000, 1400, 1800], []],
  ['a score of 3.54', 3100, [200, 600, 1000, 1400, 1800], ['wallMs']],
] as const)('a change by %s', ([, value, earlier, expected]) => {
  expect(metrics(trace({ wallMs: value }), walls(...earlier))).toEqual(expected);
});

test('every measure is compared by its own floor, and a measure that is missing is not', () => {
  const usual = trace({ cpuMs: 0, peakRssBytes: 0, writeBytes: 0, processes: 1, outputBytes: 0 });
  const earlier = Array.from({ length: 5 }, () => usual);
  const small = { cpuMs: 249, peakRssBytes: 32 * mebibyte - 1, writeBytes: 32 * mebibyte - 1, processes: 3 };
  expect(metrics(trace({ ...small, logBytes: mebibyte - 1, outputBytes: mebibyte - 1 }), earlier)).toEqual([]);
  const large = { cpuMs: 250, peakRssBytes: 32 * mebibyte, writeBytes: 32 * mebibyte, processes: 4 };
  expect(metrics(trace({ ...large, logBytes: mebibyte, outputBytes: mebibyte }), earlier)).toEqual([
    'cpuMs',
    'peakRssBytes',
    'writeBytes',
    'processes',
    'logBytes',
    'outputBytes',
  ]);
  expect(metrics(trace({}), earlier)).toEqual([]);
  expect(
    metrics(
      trace({ cpuMs: 9e9 }),
      walls(1, 1, 1, 1, 1).map(({ logBytes }) => trace({ logBytes })),
    ),
  ).toEqual([]);
});

test('numbers that are none are left out', () => {
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, -1].map((wallMs) => trace({ wallMs }));
  expect(metrics(trace({ wallMs: Number.NaN }), walls(1, 1, 1, 1, 1))).toEqual([]);
  expect(metrics(trace({ wallMs: 9000 }), [...bad, ...walls(1000, 1000, 1000, 1000)])).toEqual([]);
});

test('only the newest fifty count: what was usual long ago is not', () => {
  const earlier = walls(...Array.from({ length: 60 }, () => 1000), ...Array.from({ length: 50 }, () => 5000));
  expect(metrics(trace({ wallMs: 5000 }), earlier)).toEqual([]);
  expect(metrics(trace({ wallMs: 1000 }), earlier)).toEqual(['wallMs']);
});

test.for([1, 255, 256, 257, 512, 513, 10_000])('a series of %i samples is kept evenly and within bounds', (length) => {
  const series = new SampleSeries();
  for (let t = 0; t < length; t++) series.add({ t, cpuMs: 0, rssBytes: 0 });
  const times = series.kept.map(({ t }) => t);
  expect(times.length).toBeLessThanOrEqual(maximumSamples);
  expect(times.length).toBeGreaterThan(Math.min(length, maximumSamples / 2) - 1);
  const steps = new Set(times.slice(1).map((t, index) => t - (times[index] ?? 0)));
  expect(steps.size).toBeLessThanOrEqual(1);
  expect(times[0]).toBe(0);
});
