import type { Comparison } from '@holdfast/trials/hardening/comparison';
import { expect, it } from 'vitest';
import { comparisonLines } from '../src/trial/comparison-lines.ts';

const found: Comparison = {
  rows: 1000,
  before: {
    ...{ bytes: 16_126, gzip: 14_840, zstd: 14_900, right: 939, withstood: 120 },
    latency: { median: 0.0412, low: 0.0401, high: 0.05 },
  },
  after: {
    ...{ bytes: 7220, gzip: 4680, zstd: 4700, right: 941, withstood: 180 },
    latency: { median: 0.03, low: 0.0299, high: 12.345 },
  },
  agreeing: 990,
};

it('shows what a hardening cost and won, within 80 columns', () => {
  const lines = comparisonLines(found);
  expect(lines).toEqual([
    '                        before       after',
    '  clean accuracy        93.9 %      94.1 %   +0.2 points',
    '  robust accuracy       12.0 %      18.0 %   +6.0 points, +50 %',
    '  same answers                      99.0 %   of 1000 samples',
    '  file                 16.1 kB      7.2 kB   −55 %',
    '    as gzip            14.8 kB      4.7 kB   −68 %',
    '    as zstd            14.9 kB      4.7 kB   −68 %',
    '  time of a run       0.041 ms    0.030 ms   −27 %',
    '    half of the runs: 0.040 ms to 0.050 ms; 0.030 ms to 12.3 ms',
  ]);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

it('leaves out what was not measured, and says nothing of what did not change', () => {
  const before = { bytes: 16_126, gzip: 14_840, zstd: 14_900, right: 939 };
  const lines = comparisonLines({ ...found, before, after: before });
  expect(lines).toHaveLength(6);
  expect(lines[1]).toBe('  clean accuracy        93.9 %      93.9 %   0.0 points');
  expect(lines[3]).toBe('  file                 16.1 kB     16.1 kB   0 %');
});

it('has no share of nothing', () => {
  const lines = comparisonLines({ ...found, before: { ...found.before, withstood: 0 } });
  expect(lines[2]).toBe('  robust accuracy        0.0 %      18.0 %   +18.0 points');
});
