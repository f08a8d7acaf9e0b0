import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomOf } from '@holdfast/statistics';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { csv, type Written } from '../anomaly/anomaly-scene.ts';
import { heldAgainst, named } from './drift-scene.ts';

let folder: string;
let reference: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'drift-power-'));
  reference = table('reference.csv', 800);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Row {
  x: number;
  s: number;
  k: string;
  g: number | null;
  u: number;
  v: number;
}

/** Columns that have nothing to do with each other, and what is planted into a row. */
function table(name: string, rows: number, plant: (row: Row, chance: number) => Partial<Row> = () => ({})): string {
  const random = randomOf(`planted ${name}`);
  const lines = Array.from({ length: rows }, (): Written[] => {
    const row: Row = {
      ...{ x: random.normal(), s: 3 * random.normal(), k: 'aaaabbbccd'.charAt(random.integer(10)) },
      ...{ g: random.integer(50), u: random.normal(), v: random.normal() },
    };
    return Object.values({ ...row, ...plant(row, random.uniform()) });
  });
  return csv(folder, name, [['x', 's', 'k', 'g', 'u', 'v'], ...lines]);
}

test.each<[string, (row: Row, chance: number) => Partial<Row>, rule: string, column: string]>([
  ['half a standard deviation', ({ x }) => ({ x: x + 0.5 }), 'drifted', 'x'],
  ['twice the scale about the same mean', ({ s }) => ({ s: 2 * s }), 'drifted', 's'],
  ['two categories that change places', ({ k }) => ({ k: { a: 'd', d: 'a' }[k] ?? k }), 'drifted', 'k'],
  ['a new category in every eighth row', ({ k }, chance) => ({ k: chance < 0.125 ? 'new' : k }), 'drifted', 'k'],
  ['a category that is gone', ({ k }) => ({ k: k === 'c' ? 'b' : k }), 'drifted', 'k'],
  ['values that are missing in every tenth row', ({ g }, chance) => ({ g: chance < 0.1 ? null : g }), 'missing', 'g'],
])('%s: found, and in no other column', async (name, plant, rule, column) => {
  const report = await heldAgainst(table(`${name}.csv`, 600, plant), reference);
  expect(report.verdict).toBe('fail');
  expect([...named(report, 'drifted'), ...named(report, 'missing')]).toEqual([column]);
  expect(named(report, rule)).toEqual([column]);
  expect(report.metrics).toMatchObject({ drifted: 1, compared: 6 });
});

test('a new category is named', async () => {
  const report = await heldAgainst(
    table('named.csv', 600, ({ k }, chance) => ({ k: chance < 0.125 ? 'new' : k })),
    reference,
  );
  expect(report.findings.find(({ rule }) => rule === 'data.drift.categories')?.message).toMatch(
    /that the reference has not: `new`$/,
  );
});

test('columns that go together as they did not before are seen in rows as a whole only, and named', async () => {
  const path = table('together.csv', 800, ({ u, v }) => ({ v: 0.95 * u + Math.sqrt(1 - 0.95 ** 2) * v }));
  const report = await heldAgainst(path, reference, { options: { multivariate: true } });
  expect([named(report, 'drifted'), named(report, 'missing')]).toEqual([[], []]);
  const [joint] = report.findings.filter(({ rule }) => rule === 'data.drift.joint');
  expect(joint?.message).toMatch(
    /^rows are told from those of the reference with AUC 0\.\d+ .*, most by `[uv]` [\d.]+ %, `[uv]`/,
  );
  expect(report.verdict).toBe('fail');
  expect(report.metrics['mmd_p']).toBeLessThanOrEqual(0.01);
});

test('a tenth of a standard deviation in many rows is seen, and said to be small', async () => {
  const many = (name: string, shift: number): string => {
    const random = randomOf(name);
    return csv(folder, `${name}.csv`, [['x'], ...Array.from({ length: 5000 }, () => [random.normal() + shift])]);
  };
  const report = await heldAgainst(many('moved', 0.1), many('unmoved', 0));
  expect(report.metrics).toMatchObject({ drifted: 0 });
  expect(report.metrics['least_p']).toBeLessThan(0.01);
  expect([...named(report, 'small'), ...named(report, 'tiny')]).toEqual(['x']);
  // What was asked for is the user's to say.
  const strict = await heldAgainst(join(folder, 'moved.csv'), join(folder, 'unmoved.csv'), {
    options: { minEffect: { cliffsDelta: 0.04 } },
  });
  expect(strict.verdict).toBe('fail');
});
