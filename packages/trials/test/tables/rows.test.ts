import { randomOf } from '@holdfast/statistics';
import { describe, expect, it } from 'vitest';
import { changeProblem, rowProblem } from '../../src/tables/constraints.ts';
import { evaluateTable } from '../../src/tables/evaluate-table.ts';
import { columnsOf } from '../../src/tables/parse-columns.ts';
import { openTableModel } from '../../src/tables/table-model.ts';
import { tableSpace } from '../../src/tables/table-space.ts';
import { expectAttacksWithin, expectWishesWithin } from './row-properties.ts';
import { logisticFile } from './small-models.ts';

describe('no row that a person could not submit', () => {
  it('comes from putting a wish, however wild, onto the rules', () => {
    expectWishesWithin(400);
  });

  it('comes out of an attack', { timeout: 120_000 }, async () => {
    await expectAttacksWithin(24);
  });

  it('is believed when an attack claims it', () => {
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

  it('is believed of the model, either: only what the file gets wrong counts', async () => {
    const columns = columnsOf(
      { scale: 'unit', columns: [{ name: 'a', kind: 'integer', low: 0, high: 9 }] },
      'columns.json',
    );
    const x = Float32Array.of(1, 1, 1, 1);
    const model = await openTableModel(logisticFile([1], -2.5), tableSpace(columns, x), 'classification', {
      threads: 1,
    });
    const cheat = async (): Promise<Float32Array> => Promise.resolve(Float32Array.of(3, 4, 2.75, 2));
    const labels = Int32Array.of(0, 0, 0, 0);
    const members = [{ name: 'cheat', usesGradient: false, attack: cheat }];
    const {
      outcomes,
      changed,
      members: counts,
    } = await evaluateTable(model, { x, labels }, { norm: 'linf', epsilon: 2 }, members, randomOf(0));
    await model.release();
    // 3 is right; 4 is too far, 2.75 no whole number, and of 2 the file is sure
    expect(outcomes.map(({ became }) => became)).toEqual([1, undefined, undefined, undefined]);
    expect([...changed]).toEqual([3, 1, 1, 1]);
    expect(counts).toMatchObject([{ tried: 4, broke: 1, refused: 2 }]);
  });
});
