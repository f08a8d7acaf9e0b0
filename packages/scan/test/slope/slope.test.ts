import { describe, expect, it } from 'vitest';
import { allowNothing } from '../../src/allow-list.ts';
import { formats } from '../../src/formats/index.ts';
import { Inspection } from '../../src/inspection.ts';
import { defaultLimits } from '../../src/limits.ts';
import { recognise } from '../../src/recognise.ts';
import { CountingSource } from '../files-scene.ts';
import { type Make, worstInputs } from './worst-inputs.ts';

const base = 1000;
/** What is long doubles once more. */
const sizes = process.env['HOLDFAST_LONG'] === '1' ? [base, base * 2, base * 4] : [base, base * 2];

/** How many bytes are asked for, and what it was taken for. */
async function askedFor(bytes: Uint8Array): Promise<{ asked: number; inspected: Inspection }> {
  const source = new CountingSource(bytes);
  const progress = (): void => undefined;
  const scan = { limits: defaultLimits, allow: allowNothing, folder: undefined, progress, recognise };
  const inspected = new Inspection(scan, source, 'x');
  await inspected.attempt(recognise);
  return { asked: source.bytes, inspected };
}

it('has a worst input for every format, and for nothing else', () => {
  expect(Object.keys(worstInputs).sort()).toEqual(formats.map(({ name }) => name).sort());
});

/** What a zip is found to be by what is in it. */
const kindsOfZip = ['zip', 'npz', 'pytorch', 'torchscript', 'keras'];

const rows = Object.entries(worstInputs).flatMap(([format, worst]) =>
  Object.entries(worst).map(([what, make]): [string, string, Make] => [format, what, make]),
);

describe('twice as many of it ask for twice the bytes at most', () => {
  it.each(rows)('%s: %s', async (format, what, make) => {
    const asked: number[] = [];
    for (const count of sizes) {
      const { asked: bytes, inspected } = await askedFor(make(count));
      const accepted = format === 'zip' ? kindsOfZip : [format];
      expect(accepted, what).toContain(inspected.format);
      asked.push(bytes);
    }
    const [first = 0, second = 0, third = second] = asked;
    // Four bytes for each of a few more: a number that gets a digit is no slope.
    expect(second).toBeLessThanOrEqual(first * 2.2 + 64);
    expect(third).toBeLessThanOrEqual(second * 2.2 + 64);
  });
});
