import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from '@holdfast/data';
import { openTable } from '@holdfast/dataset';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWhere } from '../src/metrics/count.ts';
import { repeatedRows } from '../src/metrics/repeated-rows.ts';

type Row = readonly [whole: number | null, far: number | null, text: string | null];

const names = ['whole', 'far', 'text'] as const;
/** Few different values, so that some repeat and some do not; those of `far` lie further apart than a bit each is kept for. */
const row: fc.Arbitrary<Row> = fc.tuple(
  fc.option(fc.integer({ min: -20, max: 20 }), { nil: null }),
  fc.option(
    fc.integer({ min: -20, max: 20 }).map((value) => value * 2 ** 40),
    { nil: null },
  ),
  fc.option(fc.constantFrom('a', 'b', 'A', "it's", 'c', 'd'), { nil: null }),
);
/** In a third of the tables the first column tells all rows apart. */
const table: fc.Arbitrary<readonly Row[]> = fc
  .tuple(fc.nat(2), fc.array(row, { minLength: 2, maxLength: 12 }))
  .map(([kind, rows]) => (kind === 0 ? rows.map(([, far, text], index): Row => [3 * index - 9, far, text]) : rows));

/** Rows that are about something, and of which another one has the same: nothing equals nothing. */
function repeated(rows: readonly Row[], columns: readonly number[], isAbout: (row: Row) => boolean): number {
  const counts = new Map<string, number>();
  const keys = rows.filter(isAbout).map((each) => JSON.stringify(columns.map((column) => each[column])));
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return keys.filter((key) => (counts.get(key) ?? 0) > 1).length;
}

const choices = [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]] as const;

test('rows that repeat are counted as by hand, whatever else is asked beside', async () => {
  const path = join(tmpdir(), `holdfast-repeated-${process.pid}.jsonl`);
  await fc.assert(
    fc.asyncProperty(table, fc.subarray([...choices], { minLength: 1 }), fc.boolean(), async (rows, asked, isSome) => {
      const lines = rows.map((each) => JSON.stringify(Object.fromEntries(names.map((name, at) => [name, each[at]]))));
      // a first line that makes each column one of its type, and is never counted
      writeFileSync(path, `${['{"whole":99,"far":1.1e15,"text":"first"}', ...lines].join('\n')}\n`);
      const opened = await openTable(path, { threads: 1 });
      const about = isSome ? `"whole" > 0 AND "whole" <> 99` : undefined;
      const isAbout = ([whole]: Row): boolean => !isSome || (whole !== null && whole > 0);
      const metrics = asked.map((columns) => {
        const found = columns.map((at) => opened.columns[at] ?? expect.fail('there is no such column'));
        // as expectations say it: of one column, and of several of which one at least has a value
        const [one, ...others] = found.map(({ value }) => `${value} IS NOT NULL`);
        return repeatedRows(found, about, others.length === 0 ? `${one}` : `(${[one, ...others].join(' OR ')})`);
      });
      const found = await measure([opened], [...metrics, countWhere()]);
      const counted = asked.map((columns) =>
        repeated(rows, columns, (each) => isAbout(each) && columns.some((at) => each[at] !== null)),
      );
      expect(metrics.map((metric) => found.get(metric))).toEqual(counted);
      await opened.close();
    }),
    { numRuns: 60, seed: 6 },
  );
  rmSync(path);
});
