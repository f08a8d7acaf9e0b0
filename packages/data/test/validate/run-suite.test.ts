import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTable } from '@holdfast/dataset';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSuite } from '../../src/validate/run-suite.ts';
import { parseSuite } from '../../src/validate/suite.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'suite-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a suite of the old and of the new form is held against a table, with the rows that do not fit', async () => {
  const path = join(folder, 'people.csv');
  writeFileSync(path, 'id,age,kind\na1,31,x\nb2,,y\nc3,230,z\n');
  const suite = parseSuite(
    JSON.stringify({
      expectation_suite_name: 'people',
      evaluation_parameters: { kinds: ['x', 'y'] },
      expectations: [
        { expectation_type: 'expect_column_values_to_not_be_null', kwargs: { column: 'age', mostly: 0.6 } },
        { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'kind', value_set: { $PARAMETER: 'kinds' } } },
        { type: 'expect_column_mean_to_be_between', kwargs: { column: 'age', min_value: 130, max_value: 131 } },
        { type: 'expect_table_row_count_to_be_between', kwargs: { min_value: 4 } },
        { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'height' } },
        { type: 'expect_the_unexpected', kwargs: {} },
        { type: 'expect_column_values_to_not_be_null', kwargs: { column: 'age', perhaps: true } },
      ],
    }),
  );
  const table = await openTable(path);
  const judged = await runSuite([table], suite, { keys: ['id'] });
  await table.close();
  expect(judged.map(({ outcome }) => outcome?.success)).toEqual([
    true,
    false,
    true,
    false,
    undefined,
    undefined,
    undefined,
  ]);
  expect(judged[1]?.outcome?.counts).toEqual({ elements: 3, missing: 0, unexpected: 1 });
  expect(judged[1]?.rows).toEqual([{ row: 3, keys: { id: 'c3' }, values: { kind: 'z' } }]);
  expect(judged[2]?.outcome?.observed).toBe(130.5);
  expect(judged.slice(4).map(({ reason }) => reason)).toEqual([
    'there is no column `height`',
    'the expectation `expect_the_unexpected` is not known',
    'its argument `perhaps` is not understood',
  ]);
});
