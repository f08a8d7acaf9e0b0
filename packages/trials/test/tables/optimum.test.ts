import { randomOf } from '@holdfast/statistics';
import { afterAll, describe, expect, it } from 'vitest';
import { objectiveOf } from '../../src/tables/objective.ts';
import { columnsOf } from '../../src/tables/parse-columns.ts';
import { tableGradient } from '../../src/tables/table-gradient.ts';
import { openTableModel, type TableModel } from '../../src/tables/table-model.ts';
import { tableSearch } from '../../src/tables/table-search.ts';
import { tableSpace } from '../../src/tables/table-space.ts';
import { logisticFile } from './small-models.ts';

/*
 * Tables so small that every row somebody could submit is looked at: two whole numbers, a number of which only the ends
 * matter to a linear score, a one-hot group, codes, and a column that follows; at most three changes, one category.
 */

const columns = columnsOf(
  {
    scale: 'unit',
    changes: 3,
    categoryChanges: 1,
    columns: [
      { name: 'm', kind: 'integer', low: -10, high: 10 },
      { name: 'n', kind: 'integer', low: -10, high: 10, direction: 'up' },
      { name: 'r', kind: 'numeric', low: -10, high: 10, change: 0.75 },
      { name: 'g', kind: 'one-hot', categories: ['x', 'y', 'z'] },
      { name: 'c', kind: 'categorical', codes: [-2, 0, 1, 5] },
      { name: 's', kind: 'numeric', low: -90, high: 90 },
    ],
    rules: ['s = 2 * m - n'],
  },
  'columns.json',
);
const ball = { norm: 'linf', epsilon: 2.5 } as const;

const opened: TableModel[] = [];
afterAll(async () => {
  for (const model of opened) await model.release();
});

/** All that somebody could submit in place of a row. */
function everyRow(origin: readonly number[]): (readonly number[])[] {
  const [m = 0, n = 0, r = 0, x = 0, y = 0, , code = 0] = origin;
  const group = x === 1 ? 0 : y === 1 ? 1 : 2;
  const numbers = [-2, -1, 0, 1, 2].flatMap((dm) =>
    [0, 1, 2].flatMap((dn) => [-0.75, 0, 0.75].map((dr) => [dm, dn, dr] as const)),
  );
  const categories = [0, 1, 2].flatMap((g) => [-2, 0, 1, 5].map((c) => [g, c] as const));
  return numbers.flatMap(([dm, dn, dr]) =>
    categories.flatMap(([g, c]) => {
      const switched = Number(g !== group) + Number(c !== code);
      const moved = [dm, dn, dr].filter((each) => each !== 0).length;
      if (switched > 1 || moved + switched > 3) return [];
      const one = [0, 1, 2].map((index) => Number(index === g));
      return [[m + dm, n + dn, r + dr, ...one, c, 2 * (m + dm) - (n + dn)]];
    }),
  );
}

describe.each([1, 2, 3, 4, 5, 6])('a logistic regression on tiny tables, seed %i', (seed) => {
  const random = randomOf(seed);
  const weights = Array.from({ length: 8 }, () => Math.fround(random.normal()));
  const bias = Math.fround(random.normal());
  const origins = Array.from({ length: 12 }, () => {
    const [m, n] = [random.integer(9) - 4, random.integer(9) - 4];
    const g = random.integer(3);
    const one = [0, 1, 2].map((index) => Number(index === g));
    return [m, n, Math.fround(random.normal()), ...one, [-2, 0, 1, 5][random.integer(4)] ?? 0, 2 * m - n];
  });
  const x = Float32Array.from(origins.flat());
  const score = (row: readonly number[]): number =>
    row.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), bias);
  const labels = origins.map((row) => Number(score(row) > 0));
  /** How far on the wrong side the best of all rows is. */
  const best = origins.map((origin, row) =>
    Math.max(...everyRow(origin).map((each) => (labels[row] === 1 ? -1 : 1) * score(each))),
  );

  async function found(attack: ReturnType<typeof tableGradient>): Promise<number[]> {
    const model = await openTableModel(logisticFile(weights, bias), tableSpace(columns, x), 'classification', {
      threads: 1,
    });
    opened.push(model);
    const samples = { x, best: x, objective: objectiveOf(model, labels) };
    const rows = (await attack(model, samples, ball, randomOf(seed))) ?? new Float32Array();
    return origins.map((_, row) => (labels[row] === 1 ? -1 : 1) * score([...rows.subarray(row * 8, (row + 1) * 8)]));
  }

  it('the gradient finds the best of all rows', async () => {
    const values = await found(tableGradient({ steps: 8, first: 'margin' }));
    for (const [row, value] of values.entries()) expect(value, `row ${row}`).toBeCloseTo(best[row]!, 4);
  });

  it('the search, which stops at the first success, errs exactly where some row errs', async () => {
    const values = await found(tableSearch({ queries: 2000 }));
    expect(values.map((value) => value > 0)).toEqual(best.map((value) => value > 0));
    for (const [row, value] of values.entries()) if (value <= 0) expect(value, `row ${row}`).toBeCloseTo(best[row]!, 4);
  });
});

describe('columns that hold each other', () => {
  it('go where their order just holds, and no farther', async () => {
    const pair = ['a', 'b'].map((name) => ({ name, kind: 'numeric', low: 0, high: 10 }));
    const ordered = columnsOf({ scale: 'unit', columns: pair, rules: ['a <= b'] }, 'columns.json');
    const x = Float32Array.of(2, 5);
    const model = await openTableModel(logisticFile([1, -1], -9), tableSpace(ordered, x), 'classification', {
      threads: 1,
    });
    opened.push(model);
    const samples = { x, best: x, objective: objectiveOf(model, [0]) };
    const within = { norm: 'linf', epsilon: 2.2 } as const;
    const [a = 0, b = 0] = (await tableGradient({ steps: 12 })(model, samples, within, randomOf(0)))!;
    // a - b is 0 at most, and 0 lies within reach: 3.5 and 3.5
    expect(a).toBeLessThanOrEqual(b);
    expect(a).toBeGreaterThan(b - 1e-3);
  });
});
