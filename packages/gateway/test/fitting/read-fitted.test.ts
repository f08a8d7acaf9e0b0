import { randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitProtections } from '../../src/fitting/fit-protections.ts';
import type { FittedProtections } from '../../src/fitting/fitted-protections.ts';
import { fittedText, largestFitted, readFitted } from '../../src/fitting/read-fitted.ts';

const random = randomOf('rows for the file');
const rows = 300;
/** So many features that ordinary rows differ in more than variations of one do. */
const width = 12;
const values = Float64Array.from({ length: rows * width }, () => random.normal());
const fitted = fitProtections({
  model: `sha256:${'a'.repeat(64)}`,
  sources: Array.from({ length: width }, (_, at) => ({ feature: `f${at}`, input: 'x', at })),
  output: { name: 'probability', holds: 'probabilities' },
  rows: {
    ...{ rows, columns: width, values },
    classes: Int32Array.from({ length: rows }, (_, row) => Number((values[row * width] ?? 0) > 0)),
    margins: Float64Array.from({ length: rows }, (_, row) => Math.min(1, Math.abs(values[row * width] ?? 0))),
  },
  seed: '1',
});
const text = fittedText(fitted);
const read = (value: unknown): FittedProtections => readFitted(Buffer.from(JSON.stringify(value)));

/** The file with something else at a place. */
function changed(path: string, change: (before: never) => unknown): unknown {
  const copy = JSON.parse(text) as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const holder = keys.reduce((inner, key) => inner[key] as Record<string, unknown>, copy);
  holder[last] = change(holder[last] as never);
  return copy;
}

describe('the file of what was fitted', () => {
  test('is read as it was written, and says how rare false alarms are with so few rows', () => {
    expect(readFitted(Buffer.from(text))).toEqual(fitted);
    // 150 rows are held out: one in 151 is as rare as they can tell.
    expect(fitted.anomaly.calibration.falseAlarms).toBeCloseTo(1 / 151, 12);
  });

  test('is the same for the same rows and seed', () => {
    expect(text).toHaveLength(fittedText(read(JSON.parse(text))).length);
  });

  test.each<[string, string, (before: never) => unknown]>([
    ['another kind', 'kind', () => 'fitted-protections/v2'],
    ['no digest', 'model', () => 'model.onnx'],
    ['no features', 'sources', () => []],
    ['a feature twice elsewhere', 'anomaly.features', (names: string[]) => [...names, 'f0']],
    ['other features', 'extraction.features', (names: string[]) => names.toReversed()],
    ['a number that is none', 'anomaly.ranges.low', () => ['1']],
    ['a range too few', 'anomaly.ranges.low', (list: number[]) => list.slice(1)],
    ['a covariance that is cut', 'anomaly.distance.inverse', (list: number[]) => list.slice(1)],
    ['tails that are cut', 'anomaly.depth.values', (list: number[][]) => list.map((each) => each.slice(1))],
    ['scores that are not in order', 'anomaly.calibration.greatest', () => [2, 1]],
    ['false alarms of 1', 'anomaly.calibration.falseAlarms', () => 1],
    ['more scores than rows', 'anomaly.calibration.rows', () => 1],
    ['a step below 0', 'evasion.steps', (list: number[]) => list.map(() => -1)],
    ['a step too few', 'evasion.steps', (list: number[]) => list.slice(1)],
    ['a network that is cut', 'extraction.networks.0.weights', (list: number[]) => list.slice(1)],
    ['a network of another width', 'extraction.networks.0.width', (width: number) => width + 1],
    ['a bin too few', 'extraction.edges', (list: number[]) => list.slice(1)],
    ['a cohort that counts below 0', 'extraction.cohorts.0.likeness', (list: number[]) => list.map(() => -1)],
    [
      'a bet that is won by chance',
      'extraction.bets.0.densities',
      (list: number[]) => list.map((each) => 1.1 * each + 0.1),
    ],
    ['a bet that leaves the end out', 'extraction.bets.0.edges', (list: number[]) => list.map((each) => each / 2)],
    ['a field that nobody knows', 'output', (before: object) => ({ ...before, command: 'x' })],
  ])('with %s is refused', (_, path, change) => {
    expect(() => read(changed(path, change))).toThrow(expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }));
  });

  test('that is no JSON, no UTF-8 or too long is refused', () => {
    for (const bytes of [Buffer.from('{'), Buffer.from([0xff, 0xfe]), Buffer.alloc(largestFitted + 1, 32)]) {
      expect(() => readFitted(bytes)).toThrow(expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }));
    }
  });

  test('is read, or refused by its code, whatever is cut out of it', () => {
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(200), (start, length) => {
        try {
          readFitted(Buffer.from(text.slice(0, start) + text.slice(start + length)));
        } catch (error) {
          expect(error).toMatchObject({ code: 'HF_GATEWAY_CONFIGURATION' });
        }
      }),
      { numRuns: 200 },
    );
  });
});
