import { expect, it } from 'vitest';
import { entityTypes } from '../src/index.ts';
import { randomSigns } from './random-signs.ts';

const isLong = process.env['HOLDFAST_LONG'] === '1';
const samples = isLong ? 40_000 : 8000;

/** The share of texts of the layouts of a type, drawn at random, that pass its check. */
function shareThatPasses(name: string): number {
  const type = entityTypes.find((one) => one.name === name);
  const layouts = type?.forms.filter(({ kind }) => kind === 'layout') ?? [];
  const random = randomSigns(`chance of ${name}`);
  let passed = 0;
  for (let index = 0; index < samples; index++) {
    const layout = layouts[index % layouts.length]?.name ?? '';
    if (type?.check?.(random.fill(layout).replaceAll(/[ \-./]/g, '')) === true) passed++;
  }
  return passed / samples;
}

// What is written as a date is one; other texts of its form are other dates.
const checked = entityTypes.filter(
  ({ name, forms, check }) =>
    name !== 'date-of-birth' && check !== undefined && forms.every(({ kind }) => kind === 'layout'),
);

it.each(checked.map(({ name, chance }): [string, number] => [name, chance]))(
  '%s: as many pass by chance as is said (%d)',
  (name, chance) => {
    const share = shareThatPasses(name);
    // What is rare cannot be counted in so few: at most twice what is said, and 10 more for chance.
    expect(share).toBeLessThanOrEqual(chance * 1.5 + 10 / samples);
    if (chance * samples > 40) expect(share).toBeGreaterThanOrEqual(chance / 2);
  },
);
