import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { writeModel } from '@holdfast/onnx';
import { describe, expect, it } from 'vitest';
import { comparison } from '../../src/hardening/comparison.ts';
import { fileSize } from '../../src/hardening/file-size.ts';
import { prune } from '../../src/hardening/prune.ts';
import { answers, fileOf, modelOfCorpus, rowsOfData } from './ready.ts';

const before = fileOf('digits-mlp.export-18');
const after = writeModel(prune(modelOfCorpus('digits-mlp.export-18'), { share: 0.95 }).model);

describe('what a hardening cost and won', () => {
  it('is counted on both files', async () => {
    const rows = rowsOfData('digits', 'test', 200);
    const found = await comparison(before, after, { samples: rows.samples, latency: false });
    const [first, second] = [await answers(before, rows), await answers(after, rows)];
    expect(found.rows).toBe(200);
    expect(found.before.right).toBe(Math.round(200 * first.accuracy));
    expect(found.after.right).toBe(Math.round(200 * second.accuracy));
    const agree = Array.from({ length: 200 }, (_, row) => {
      const [a, b] = [first, second].map(({ values }) => [...values.subarray(10 * row, 10 * row + 10)]);
      return a?.indexOf(Math.max(...a)) === b?.indexOf(Math.max(...b)) ? 1 : 0;
    });
    expect(found.agreeing).toBe(agree.reduce<number>((sum, each) => sum + each, 0));
    expect(found.before.withstood).toBeUndefined();
    expect(found.before.latency).toBeUndefined();
    expect([found.before.bytes, found.after.bytes]).toEqual([before.length, after.length]);
  });

  it('is attacked alike, with the same outcome on every run', async () => {
    const threat = { ball: { norm: 'linf', epsilon: 0.05 }, bounds: { low: 0, high: 1 } } as const;
    const { samples } = rowsOfData('digits', 'test', 30);
    const told: number[] = [];
    const options = { samples, threat, latency: { runs: 3, rows: 4 }, progress: (done: number) => told.push(done) };
    const [found, again] = [await comparison(before, after, options), await comparison(before, after, options)];
    const same = await comparison(before, before, { ...options, latency: false });
    expect(same.after.withstood).toBe(found.before.withstood);
    expect(again.after.withstood).toBe(found.after.withstood);
    expect(found.before.withstood).toBeLessThan(found.before.right);
    expect(found.before.latency?.median).toBeGreaterThan(0);
    expect(found.before.latency?.low).toBeLessThanOrEqual(found.before.latency?.high ?? 0);
    expect(Math.max(...told)).toBeLessThanOrEqual(1);
    expect(told).toContain(0.9);
  });
});

it('the size of a file is what gzip and zstd give, and take back', () => {
  const { bytes, gzip, zstd } = fileSize(after);
  expect(bytes).toBe(after.length);
  expect(gunzipSync(gzipSync(after, { level: 9 })).length).toBe(after.length);
  expect(zstdDecompressSync(zstdCompressSync(after)).length).toBe(after.length);
  // 19 of 20 weights are 0: what is left is a twentieth of the numbers, their places, and what is no weight
  for (const compressed of [gzip, zstd]) {
    expect(compressed).toBeLessThan(0.25 * fileSize(before).gzip);
    expect(compressed).toBeGreaterThan(0.05 * before.length);
  }
});
