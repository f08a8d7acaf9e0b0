import { measure } from '@holdfast/data';
import { quantile, randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutsBetween } from '../../src/metrics/float-order.ts';
import { histogram } from '../../src/metrics/histogram.ts';
import { heldQuantiles, narrowedQuantiles } from '../../src/metrics/quantiles.ts';
import { measured, withTables } from './scene.ts';

const probabilities = [0, 0.01, 0.25, 0.3, 0.5, 0.77, 0.99, 1];

const ways = [
  ['values are held', heldQuantiles],
  ['bins are narrowed', narrowedQuantiles],
] as const;

/** By sorting; to the last bits, in which the two ways to interpolate differ. */
function expectQuantiles(found: readonly number[] | undefined, values: readonly number[]): void {
  expect(found?.length).toBe(probabilities.length);
  for (const [index, probability] of probabilities.entries()) {
    const wanted = quantile(values, probability);
    expect(Math.abs((found?.[index] ?? Number.NaN) - wanted)).toBeLessThanOrEqual(
      1e-14 * Math.abs(wanted) + Number.MIN_VALUE,
    );
  }
}

describe('quantiles', () => {
  test('are those of sorting, and the same in parts', async () => {
    const value = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((each) => Math.abs(each) < 1e150),
    );
    // As the columns of one table: an engine for each would take longer than all that is asked.
    const samples = fc.sample(fc.array(value, { minLength: 40, maxLength: 40 }), { numRuns: 25, seed: 6 });
    const lines = samples[0]?.map((_, row) => samples.map((sample) => sample[row]).join(',')) ?? [];
    const head = samples.map((_, at) => `c${at}`).join(',');
    const ask = async (parts: readonly string[]) =>
      withTables(parts, async (tables) => {
        const { dialect } = tables[0].engine;
        const asked = samples.map((_, at) =>
          (tables.length === 1 ? heldQuantiles : narrowedQuantiles)(
            { name: `c${at}`, type: 'number', native: '', value: dialect.double(`c${at}`) },
            probabilities,
          ),
        );
        const found = await measure(tables, asked);
        return asked.map((metric) => found.get(metric));
      });
    const whole = await ask([[head, ...lines].join('\n')]);
    const parts = await ask([[head, ...lines.slice(0, 13)].join('\n'), [head, ...lines.slice(13)].join('\n')]);
    for (const [at, sample] of samples.entries()) expectQuantiles(whole[at], sample);
    expect(parts).toEqual(whole);
  });

  test.each(ways)(
    'of many values over 400 decades, nearly all in one bin of equal ones, are exact: %s',
    async (_name, quantiles) => {
      const random = randomOf('decades');
      const values = Array.from({ length: 30_000 }, () => 10 ** (random.uniform() * 400 - 250));
      expectQuantiles(await measured([values], (x) => quantiles(x, probabilities)), values);
    },
  );

  test('of many values of which most are the same are exact', async () => {
    const random = randomOf('ties');
    const values = Array.from({ length: 20_000 }, (_, at) =>
      at % 3 === 0 ? random.uniform() * 1e-9 : at % 5 === 0 ? 1e9 : 0.25,
    );
    expectQuantiles(
      await measured([values.slice(0, 7000), values.slice(7000)], (x) => narrowedQuantiles(x, probabilities)),
      values,
    );
  });

  test.each(ways)('of none is nothing, and of one is that: %s', async (_name, quantiles) => {
    expect(await measured([[]], (x) => quantiles(x, probabilities))).toBeUndefined();
    expectQuantiles(await measured([[-0.1]], (x) => quantiles(x, probabilities)), [-0.1]);
  });

  test.each(ways)(
    'round as NumPy does (2.3.5: numpy.quantile([0.1, 0.7, 0.4, 1.3], [0.1, 0.3, 0.6, 0.9])): %s',
    async (_name, quantiles) => {
      const found = await measured([[0.1, 0.7, 0.4, 1.3]], (x) => quantiles(x, [0.1, 0.3, 0.6, 0.9]));
      expect(found).toEqual([0.19000000000000003, 0.37, 0.6399999999999999, 1.12]);
    },
  );
});

test('cuts lie between, ascend, and leave nothing to cut at last', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (one, other) => {
      const [least, greatest] = [Math.min(one, other), Math.max(one, other)];
      fc.pre(least < greatest);
      const cuts = cutsBetween(least, greatest, 64);
      expect(cuts).toEqual(cuts.toSorted((a, b) => a - b));
      expect(cuts.every((cut) => cut > least && cut <= greatest)).toBe(true);
      expect(cuts.length).toBeGreaterThan(0);
      expect(cuts.length).toBeLessThan(64);
    }),
  );
});

describe('a histogram', () => {
  test('counts every value once, between the edges that it says', async () => {
    const random = randomOf('histogram');
    const values = Array.from({ length: 700 }, (_, at) => (at < 33 ? at / 32 : random.uniform()));
    const found = await measured([values.slice(0, 5), values.slice(5)], (x) => histogram(x));
    const { from, step, counts } = found ?? { from: 0, step: 0, counts: [] };
    expect([from, step, counts.length]).toEqual([0, 1 / 32, 32]);
    const expected = counts.map(
      (_, at) => values.filter((value) => value >= at / 32 && (value < (at + 1) / 32 || at === 31)).length,
    );
    expect(counts).toEqual(expected);
  });

  test('of one value is none', async () => {
    expect(await measured([[4, 4]], (x) => histogram(x))).toBeUndefined();
  });
});
