import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTable, type Table } from '@holdfast/dataset';
import { temporaryFolder } from '@holdfast/testkit';
import { expect, test } from 'vitest';
import { runSuite } from '../../src/validate/run-suite.ts';
import { parseSuite } from '../../src/validate/suite.ts';
import { differingInParts, uniqueCases } from './across-parts.ts';

test('what is unique or most common is found across the files of a table, as Great Expectations finds it in one', {
  timeout: 60_000,
}, async () => {
  const some = uniqueCases.filter((_, index) => index % 4 === 0);
  expect(some.length).toBeGreaterThan(8);
  expect(await differingInParts(some)).toEqual([]);
});

test('equal values in different files count, however they are written there', async () => {
  const folder = temporaryFolder();
  const write = async (name: string, lines: readonly string[]): Promise<Table> => {
    writeFileSync(join(folder, name), lines.join('\n'));
    return openTable(join(folder, name), { threads: 1 });
  };
  const long = 'x'.repeat(600);
  const digits = '1234567890123456789012';
  const one = await write('one.csv', [
    'id,sum,zero,text,a,b,c',
    `1,${digits}.50,0.0,${long},1,,5`,
    `2,${digits}.25,1.5,b,1,x,5`,
  ]);
  const two = await write('two.csv', [
    'id,sum,zero,text,a,b,c',
    `3,${digits}.5,-0.0,${long},1,,6`,
    `4,${digits}.1,2.5,c,2,x,7`,
  ]);
  const asked = (type: string, kwargs: object): object => ({ type, kwargs });
  const suite = parseSuite(
    JSON.stringify({
      expectations: [
        ...['c', 'id', 'sum', 'zero', 'text'].map((column) => asked('expect_column_values_to_be_unique', { column })),
        asked('expect_compound_columns_to_be_unique', { column_list: ['a', 'b'] }),
        asked('expect_column_most_common_value_to_be_in_set', { column: 'a', value_set: [1] }),
        asked('expect_column_most_common_value_to_be_in_set', { column: 'id', value_set: [1], ties_okay: true }),
        asked('expect_column_most_common_value_to_be_in_set', { column: 'id', value_set: [1] }),
      ],
    }),
  );
  const judged = await runSuite([one, two], suite, { keys: ['id'] });
  const told = judged.map(({ outcome, rows }) => [
    outcome?.success,
    outcome?.counts?.unexpected,
    rows.map(({ part, row, keys }) => [part, row, keys['id']]),
  ]);
  const both = [
    [1, 1, 1],
    [2, 1, 3],
  ];
  expect(told).toEqual([
    [
      false,
      2,
      [
        [1, 1, 1],
        [1, 2, 2],
      ],
    ],
    ...[[true, 0, []]],
    ...[1, 2, 3, 4].map(() => [false, 2, both]),
    ...[true, true, false].map((success) => [success, undefined, []]),
  ]);
  expect(judged.at(-1)?.outcome?.observed).toEqual(['1', '2', '3', '4']);
  await one.close();
  await two.close();
});
