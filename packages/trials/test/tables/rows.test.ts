import { randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeProblem, rowProblem } from '../../src/tables/constraints.ts';
import { evaluateTable } from '../../src/tables/evaluate-table.ts';
import { columnsOf } from '../../src/tables/parse-columns.ts';
import { nearestRow } from '../../src/tables/project.ts';
import { tableGradient } from '../../src/tables/table-gradient.ts';
import { openTableModel } from '../../src/tables/table-model.ts';
import { tableSearch } from '../../src/tables/table-search.ts';
import { tableSpace } from '../../src/tables/table-space.ts';
import { randomWish } from '../../src/tables/wish.ts';
import { type DrawnTable, drawnTable, encodedRows, wrongs } from './drawn-table.ts';
import { perceptronFile } from './small-models.ts';

const long = process.env['HOLDFAST_LONG'] !== undefined;

function spaceOf(table: DrawnTable) {
  const x = encodedRows(table);
  const space = tableSpace(columnsOf(table.file, 'columns.json'), x);
  const rows = table.rows.map((_, row) => x.subarray(row * space.width, (row + 1) * space.width));
  return { x, space, rows, ball: { norm: table.norm, epsilon: table.epsilon } };
}

describe('no row that a person could not submit', () => {
  it('comes from putting a wish, however wild, onto the rules', () => {
    let moved = 0;
    fc.assert(
      fc.property(drawnTable, fc.integer(), (table, seed) => {
        const { space, rows, ball } = spaceOf(table);
        const random = randomOf(seed);
        for (const [row, origin] of rows.entries()) {
          const wish = randomWish(space, ball, origin, origin, random);
          // far beyond every reach, where a column moves at all
          for (const { start } of space.numbers) {
            if (wish[start] !== origin[start]) wish[start] = (origin[start] as number) + 40 * random.normal();
          }
          const found = nearestRow(space, ball, origin, wish);
          expect(wrongs(table, row, found), JSON.stringify({ table, row, wish: [...wish] })).toEqual([]);
          expect(rowProblem(space, found) ?? changeProblem(space, ball, origin, found)).toBeUndefined();
          if (space.numbers.some(({ start }) => found[start] !== origin[start])) moved += 1;
        }
      }),
      { seed: 5, numRuns: long ? 20_000 : 400 },
    );
    // or nothing would ever be put anywhere
    expect(moved).toBeGreaterThan(long ? 40_000 : 800);
  });

  it('comes out of an attack', { timeout: 600_000 }, async () => {
    let broke = 0;
    await fc.assert(
      fc.asyncProperty(drawnTable, fc.integer(), async (table, seed) => {
        const { x, space, ball } = spaceOf(table);
        const random = randomOf(seed);
        const model = await openTableModel(perceptronFile(space.width, () => random.normal() / 3), space, 'classification', { threads: 1 });
        const labels = await model.classify(x);
        const members = [
          { name: 'gradient', usesGradient: true, attack: tableGradient({ steps: 6, restarts: 2 }) },
          { name: 'search', usesGradient: false, attack: tableSearch({ queries: 120 }) },
        ];
        const { changed, outcomes, members: counts } = await evaluateTable(model, { x, labels }, ball, members, random);
        await model.release();
        expect(counts.map(({ refused }) => refused)).toEqual([0, 0]);
        for (const [row, { brokenBy }] of outcomes.entries()) {
          const found = changed.subarray(row * space.width, (row + 1) * space.width);
          expect(wrongs(table, row, found), JSON.stringify({ table, row })).toEqual([]);
          if (brokenBy !== undefined) broke += 1;
        }
      }),
      { seed: 6, numRuns: long ? 400 : 12 },
    );
    expect(broke).toBeGreaterThan(long ? 400 : 12);
  });

  it('is believed when an attack claims it', async () => {
    const x = Float32Array.of(0, 0, 1, 0);
    const columns = columnsOf(
      {
        scale: 'unit',
        changes: 1,
        columns: [
          { name: 'a', kind: 'integer', low: 0, high: 5 },
          { name: 'b', kind: 'numeric', low: 0, high: 5 },
          { name: 'g', kind: 'one-hot', categories: ['x', 'y'] },
        ],
      },
      'columns.json',
    );
    const space = tableSpace(columns, x);
    const ball = { norm: 'linf', epsilon: 2 } as const;
    const problem = (...row: number[]): string | undefined =>
      rowProblem(space, Float32Array.from(row)) ?? changeProblem(space, ball, x, Float32Array.from(row));
    expect(problem(2, 0, 1, 0)).toBeUndefined();
    expect(problem(1.5, 0, 1, 0)).toContain('no whole number');
    expect(problem(3, 0, 1, 0)).toContain('3 far, of 2');
    expect(problem(6, 0, 1, 0)).toContain('not between 0 and 5');
    expect(problem(0, 0, 1, 1)).toContain('exactly one 1');
    expect(problem(0, 0, 0.5, 0.5)).toContain('exactly one 1');
    expect(problem(1, 1, 1, 0)).toContain('2 columns change');
    expect(problem(0, Number.NaN, 1, 0)).toContain('not between');
  });
});
