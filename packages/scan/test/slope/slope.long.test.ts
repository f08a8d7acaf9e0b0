import { describe, expect, it } from 'vitest';
import { scanBytes } from '../../src/index.ts';
import { type Make, worstInputs } from './worst-inputs.ts';

const rows = Object.entries(worstInputs).flatMap(([format, worst]) =>
  Object.entries(worst).map(([what, make]): [string, string, Make] => [format, what, make]),
);

/** Processor seconds of the quickest of three scans. */
async function costOf(bytes: Uint8Array): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const before = process.cpuUsage();
    await scanBytes(bytes, 'x', { hash: false });
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1e6);
  }
  return least;
}

describe('four times as many of it take eight times the processor time at most', () => {
  it.each(rows)('%s: %s', { timeout: 300_000 }, async (_format, _what, make) => {
    const [few, many] = [10_000, 40_000];
    await scanBytes(make(100), 'x', { hash: false });
    const [first, second] = [await costOf(make(few)), await costOf(make(many))];
    // What is quadratic takes sixteen times; what takes a tenth of a second is no worry.
    expect(second).toBeLessThan(0.1 + first * 8);
  });
});
