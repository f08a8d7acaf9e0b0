import { randomOf } from '@holdfast/statistics';
import fc from 'fast-check';
import { expect } from 'vitest';
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

function spaceOf(table: DrawnTable) {
  const x = encodedRows(table);
  const space = tableSpace(columnsOf(table.file, 'columns.json'), x);
  const rows = table.rows.map((_, row) => x.subarray(row * space.width, (row + 1) * space.width));
  return { x, space, rows, ball: { norm: table.norm, epsilon: table.epsilon } };
}

/** Wishes that are put onto the rules become rows that a person could submit. */
export function expectWishesWithin(runs: number): void {
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
    { seed: 5, numRuns: runs },
  );
  // or nothing would ever be put anywhere
  expect(moved).toBeGreaterThan(2 * runs);
}

/** So do rows that attacks on random perceptrons give. */
export async function expectAttacksWithin(runs: number): Promise<void> {
  let broke = 0;
  await fc.assert(
    fc.asyncProperty(drawnTable, fc.integer(), async (table, seed) => {
      const { x, space, ball } = spaceOf(table);
      const random = randomOf(seed);
      const model = await openTableModel(
        perceptronFile(space.width, () => random.normal() / 3),
        space,
        'classification',
        { threads: 1 },
      );
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
    { seed: 6, numRuns: runs },
  );
  expect(broke).toBeGreaterThan(runs);
}
