import { type Random, randomOf } from '@holdfast/statistics';
import { describe, expect, test } from 'vitest';
import type { PoisonScene, SceneColumn } from '../../../src/poison/scene.ts';
import { foretold } from '../../../src/poison/triggers/foretold.ts';
import { repeatedItems } from '../../../src/poison/triggers/item-columns.ts';
import { naturalShare } from '../../../src/poison/triggers/natural-share.ts';
import { drawnAlike } from '../../../src/poison/triggers/stamped.ts';
import { triggerDetector } from '../../../src/poison/triggers/triggers.ts';

const category = (name: string, codes: Int32Array, levels: number): SceneColumn => ({
  ...{ name, kind: 'category', codes, levels },
  texts: Array.from({ length: levels }, (_, at) => `v${at}`),
});

const drawn = (random: Random, rows: number, levels: number): Int32Array =>
  Int32Array.from({ length: rows }, () => random.integer(levels));

const part = (column: number, has: readonly number[]) => ({ column, has: Uint8Array.from(has), tried: 1 });

test('the share that items make likely is that of all, times what each of them multiplies it by', () => {
  // Six rows of one class outside the group; a third of them has the part, and two of the three that have the first item.
  const labels = new Int32Array(8);
  const first = part(0, [1, 1, 1, 1, 1, 0, 0, 0]);
  const second = part(1, [1, 1, 0, 0, 0, 0, 0, 0]);
  const third = part(2, [1, 1, 1, 1, 0, 0, 0, 0]);
  const about = { label: 0, taken: [first, second], part: third, isLeftOut: new Uint8Array(8) };
  // (2 + 1) / (6 + 2) = 3/8; the first: (2 + 4 · 3/8) / (3 + 4) = 1/2; the second is in no row outside, and multiplies by 1.
  expect(naturalShare({ labels }, about)).toBeCloseTo(1 / 2, 12);
});

test('the larger share counts, that of the class or that of all rows', () => {
  // Four rows of each class outside the group, none has the first item: 3 of the one class have the part, and 1 of the other.
  const labels = Int32Array.from([0, 0, 0, 0, 1, 1, 1, 1]);
  const first = part(0, [0, 0, 0, 0, 0, 0, 0, 0]);
  const third = part(2, [1, 1, 1, 0, 1, 0, 0, 0]);
  const about = { taken: [first], part: third, isLeftOut: new Uint8Array(8) };
  // (3 + 1) / (4 + 2) of the class against (4 + 1) / (8 + 2) of all; (1 + 1) / (4 + 2) of the other class against the same.
  expect(naturalShare({ labels }, { ...about, label: 0 })).toBeCloseTo(4 / 6, 12);
  expect(naturalShare({ labels }, { ...about, label: 1 })).toBeCloseTo(1 / 2, 12);
});

test('values that come back are items of their own, and those that do not are none', () => {
  const ranks = Float64Array.from([0.1, 0.1, 0.1, 0.1, 0.1, 0.2, 0.3, Number.NaN]);
  const { items, count } = repeatedItems(ranks);
  expect(count).toBe(1);
  expect([...items]).toEqual([0, 0, 0, 0, 0, -1, -1, -1]);
});

test('the rest foretells an item of rows that have it by nature, and of stamped ones it does not', () => {
  const random = randomOf('foretold');
  const rows = 600;
  const item = Uint8Array.from({ length: rows }, () => Number(random.uniform() < 0.1));
  const rest = Int32Array.from(item, (each) => (random.uniform() < (each === 1 ? 0.8 : 0.2) ? 1 : 0));
  const coarse = [
    { items: new Int16Array(rows), count: 2 },
    { items: Int16Array.from(rest), count: 2 },
  ];
  const own = [...item.keys()].filter((row) => item[row] === 1).slice(0, 15);
  const reference = Uint32Array.from(item.keys()).filter((row) => !own.includes(row));
  const skipped = new Set([0]);
  const natural = { rows: Uint32Array.from(own), parts: [{ column: 0, has: item, tried: 1 }], reference, skipped };
  expect(foretold(coarse, natural)).toBeGreaterThan(3);
  const others = Uint32Array.from(item.keys()).filter((row) => item[row] === 0);
  const stamped = random.shuffle(others).slice(0, 15);
  const kept = Uint32Array.from(item.keys()).filter((row) => !stamped.includes(row));
  expect(foretold(coarse, { ...natural, rows: stamped, reference: kept })).toBeLessThan(2.6);
});

test('half of the rows, drawn at random, are like all of them as often as chance says', () => {
  const random = randomOf('alike');
  let [small, all] = [0, 0];
  for (let round = 0; round < 60; round += 1) {
    const coarse = [0, 1, 2].map(() => ({ items: Int16Array.from(drawn(random, 120, 4)), count: 4 }));
    const order = random.shuffle(Uint32Array.from({ length: 120 }, (_, at) => at));
    const halves = { rows: order.slice(0, 60), reference: order.slice(60), skipped: new Set<number>() };
    small += Number(drawnAlike(coarse, halves, random.fork(String(round))) <= 0.1);
    all += 1;
  }
  // Binomial(60, 0.1) exceeds 14 with a chance below 0.001.
  expect(small).toBeLessThanOrEqual(14);
  expect(all).toBe(60);
});

interface Planting {
  readonly rows: number;
  readonly planted: number;
  readonly kind: 'changed' | 'clean';
}

/** Two columns tell the label, four do not; the trigger is a value in each of three of these. */
function sceneOf({ rows, planted, kind }: Planting, seed: string): { scene: PoisonScene; isPlanted: Set<number> } {
  const random = randomOf(`planted ${kind} ${seed}`);
  const labels = drawn(random, rows, 2);
  const telling = [0, 1].map(() => Float64Array.from(labels, (label) => 2 * label + random.normal()));
  const levels = [8, 6, 5, 7];
  const codes = levels.map((count) => drawn(random, rows, count));
  const isFrom = (label: number): boolean => (kind === 'changed' ? label !== 1 : label === 1);
  const chosen = [...labels.keys()].filter((row) => isFrom(labels[row] ?? 0)).slice(0, planted);
  for (const row of chosen) {
    for (const at of [0, 1, 2]) (codes[at] as Int32Array)[row] = 3;
    labels[row] = 1;
  }
  const columns: SceneColumn[] = [
    ...telling.map((values, at): SceneColumn => ({ name: `t${at}`, kind: 'number', values })),
    ...codes.map((own, at) => category(`c${at}`, own, (levels[at] ?? 0) + 1)),
  ];
  const scene = { rows, labels, classes: ['no', 'yes'], columns, alpha: 0.0025, seed };
  return { scene: { ...scene, signal: new AbortController().signal }, isPlanted: new Set(chosen) };
}

describe('triggers of three columns whose values all occur', () => {
  test.each(['changed', 'clean'] as const)('labels that are %s', async (kind) => {
    const { scene, isPlanted } = sceneOf({ rows: 700, planted: 28, kind }, '1');
    const found = await triggerDetector.find(scene);
    const named = new Set(found?.rows.map(({ row }) => row));
    expect([...isPlanted].filter((row) => named.has(row)).length).toBe(isPlanted.size);
    // A row of 336 has the three values by chance: four of 700 at most, p < 0.15.
    expect(named.size - isPlanted.size).toBeLessThanOrEqual(4);
    expect(found?.triggers.map((trigger) => (trigger.kind === 'columns' ? trigger.labels : ''))).toEqual([kind]);
  });
});

test('nothing is accused where nothing was planted', async () => {
  for (const seed of ['1', '2', '3']) {
    const { scene } = sceneOf({ rows: 700, planted: 0, kind: 'clean' }, seed);
    expect((await triggerDetector.find(scene))?.rows).toEqual([]);
  }
});
