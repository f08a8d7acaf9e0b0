import { achieved } from '@holdfast/data/anonymise/criteria/achieved';
import { type AnonymiseOptions, anonymiseSchema } from '@holdfast/data/anonymise/options';
import { coarser } from '@holdfast/data/anonymise/search/classes';
import { type UtilityName, utilityNames } from '@holdfast/data/anonymise/utility/utility';
import { readOptions } from '@holdfast/data/read-options';
import type { Table } from '@holdfast/dataset';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { published } from '../anomaly/published-tables.ts';
import { censusScene, openCensus, searchScene } from './census-search.ts';
import { type RecordedOptimum, recorded } from './recorded.ts';

let table: Table | undefined;
beforeAll(async () => {
  let reason: string | undefined;
  const path = published('adult-train.csv', (why) => (reason = why));
  if (reason === undefined) table = await openCensus(path);
});
afterAll(async () => table?.close());

const asAsked = readOptions(anonymiseSchema, { quasi: ['age'] }) as unknown as AnonymiseOptions;

/** Utilities by which the best is asked for: all of them in the long suite. */
const few: readonly UtilityName[] = process.env['HOLDFAST_LONG'] === '1' ? utilityNames : ['loss', 'class-size'];

async function requireOptimum(
  options: Partial<AnonymiseOptions>,
  suppression: number,
  expected: RecordedOptimum | undefined,
): Promise<void> {
  if (table === undefined) return;
  const { best, isOptimal } = searchScene(await censusScene(table, options), suppression);
  expect(isOptimal).toBe(true);
  expect(best?.score).toBeCloseTo(expected?.score ?? Number.NaN, 9);
  expect(expected?.nodes).toContainEqual({ levels: best?.levels, suppressed: best?.judged.suppressed });
}

describe('of all 11,664 ways of generalising the census, the search finds the best', () => {
  const { quasi, found } = recorded.anonymity;
  const asked = Object.entries(found).filter(
    ([name]) => process.env['HOLDFAST_LONG'] === '1' || /^(2 0|5 0.01|10 0.05|50 0)$/.test(name),
  );
  test.each(asked.flatMap(([name, optima]) => few.map((utility) => [name, utility, optima[utility]] as const)))(
    'k and what may be suppressed: %s, by %s',
    { timeout: 120_000 },
    async (name, utility, expected) => {
      const [k = 0, suppression = 0] = name.split(' ').map(Number);
      await requireOptimum({ quasi, k, utility }, suppression, expected);
    },
  );
});

describe('with an occupation that nobody is to learn', () => {
  const { quasi, sensitive, k, found, pycanon } = recorded.guarded;

  /** `entropy 4 0.02` as options, and the share that may be suppressed. */
  function optionsOf(name: string): { options: Partial<AnonymiseOptions>; suppression: number } {
    const [kind = '', ...numbers] = name.split(' ');
    const [first = 0, second = 0] = numbers.map(Number);
    const suppression = Number(numbers.at(-1));
    const base = { quasi, sensitive: [sensitive], k };
    if (kind === 'equal') return { options: { ...base, t: first }, suppression };
    if (kind === 'recursive') return { options: { ...base, diversity: kind, c: first, l: second }, suppression };
    return { options: { ...base, diversity: kind as 'distinct' | 'entropy', l: first }, suppression };
  }

  test.each(
    Object.entries(found).flatMap(([name, optima]) => few.map((utility) => [name, utility, optima[utility]] as const)),
  )('the search finds the best: %s, by %s', { timeout: 120_000 }, async (name, utility, expected) => {
    const { options, suppression } = optionsOf(name);
    await requireOptimum({ ...options, utility }, suppression, expected);
  });

  test.each(pycanon)('pyCANON measures the same of $asked', { timeout: 120_000 }, async (measured) => {
    if (table === undefined) return;
    const options = { ...optionsOf(measured.asked).options, l: 2, t: 1 };
    const scene = await censusScene(table, options);
    const { classes, into } = coarser(scene.combinations, scene.combinations.finest, measured.levels);
    const judged = { kept: new Uint8Array(classes.count).fill(1), suppressed: 0, hopeless: 0 };
    const solution = { levels: measured.levels, score: 0, classes, into, judged };
    const found = achieved(scene, solution, { ...asAsked, l: 2, t: 1 });
    expect(Math.min(...classes.rows)).toBe(measured.k);
    expect(found['distinct_values']).toBe(measured.l);
    // pyCANON tells the whole number below.
    expect(Math.floor(found['entropy_l'] ?? 0)).toBe(measured.entropy);
    expect(found['distance']).toBeCloseTo(measured.t, 9);
  });
});
