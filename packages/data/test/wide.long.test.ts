import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileOf, profilePage } from '@holdfast/data';
import { openTable } from '@holdfast/dataset';
import { datasetProfileSchema } from '@holdfast/evidence';
import { temporaryFolder } from '@holdfast/testkit';
import { expect, test } from 'vitest';
import { runSuite } from '../src/validate/run-suite.ts';
import { parseSuite } from '../src/validate/suite.ts';

test('ten thousand columns are profiled and validated within bounds', { timeout: 3_600_000 }, async () => {
  const places = Array.from({ length: 10_000 }, (_, index) => index);
  const rows = Array.from({ length: 100 }, (_, row) =>
    places.map((index) => (index % 3 === 0 ? String(row) : index % 3 === 1 ? `${row}.5` : `t${row % 10}`)).join(','),
  );
  const path = join(temporaryFolder('holdfast-wide'), 'wide.csv');
  writeFileSync(path, [places.map((index) => `c${index}`).join(','), ...rows].join('\n'));
  const table = await openTable(path, { memory: '1GB', threads: 2 });
  const names = table.columns.map(({ name }) => name);
  const asked = (type: string, kwargs: object): object => ({ type, kwargs });
  const ofColumns = [0, 3, 501, 1200, 5001, 9999].flatMap((index) => [
    asked('expect_column_values_to_be_between', { column: `c${index}`, min_value: 0, max_value: 98 }),
    asked('expect_column_mean_to_be_between', { column: `c${index}`, min_value: 49.5, max_value: 49.5 }),
    asked('expect_column_median_to_be_between', { column: `c${index}`, min_value: 49.5, max_value: 49.5 }),
    asked('expect_column_values_to_be_unique', { column: `c${index}` }),
  ]);
  const ofMany = [
    asked('expect_table_columns_to_match_ordered_list', { column_list: names }),
    asked('expect_compound_columns_to_be_unique', { column_list: ['c0', 'c3001', 'c9998'] }),
    asked('expect_column_pair_values_a_to_be_greater_than_b', { column_A: 'c1', column_B: 'c9999' }),
    asked('unexpected_rows_expectation', { unexpected_rows_query: 'SELECT * FROM {batch} WHERE c0 > 100' }),
    asked('expect_select_column_values_to_be_unique_within_record', { column_list: names }),
    asked('expect_multicolumn_sum_to_equal', {
      column_list: names.filter((_, index) => index % 3 === 0),
      sum_total: 0,
    }),
  ];
  const suite = parseSuite(JSON.stringify({ name: 'wide', expectations: [...ofColumns, ...ofMany] }));
  const judged = await runSuite([table], suite);
  const outcomes = judged.map(({ outcome }) => outcome?.success);
  expect(outcomes.slice(0, 24)).toEqual(Array.from({ length: 6 }, () => [false, true, true, true]).flat());
  expect(outcomes.slice(24)).toEqual([true, true, true, true, undefined, undefined]);
  expect(judged[0]?.rows.map(({ row }) => row)).toEqual([100]);
  const profile = await profileOf([table]);
  expect(datasetProfileSchema.parse(profile).columns).toHaveLength(10_000);
  expect([profile.columns[9999]?.numbers?.mean, profile.columns[9998]?.distinct?.count]).toEqual([49.5, 10]);
  expect(JSON.stringify(profile).length).toBeLessThan(16e6);
  expect(profilePage(profile, { name: 'wide' }).length).toBeLessThan(10e6);
  await table.close();
  expect(process.resourceUsage().maxRSS / 1024).toBeLessThan(2500);
});
