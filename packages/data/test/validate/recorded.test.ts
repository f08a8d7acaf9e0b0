import { afterAll, describe, expect, test } from 'vitest';
import { knownDifferences } from './known-differences.ts';
import { casesOf, comparable, isAsRecorded, oursComparable, RecordedTables } from './recorded.ts';

const tables = new RecordedTables();
afterAll(async () => {
  await tables.close();
});

const files = [
  'ranges',
  'sets',
  'statistics',
  'table',
  'order',
  'pairs',
  'multicolumn',
  'distribution',
  'types',
  'queries',
];

describe.each(files)('%s: outcomes, counts of rows, missing and unexpected values', (file) => {
  test('are what Great Expectations 1.24.1 found, but for what is known to differ', { timeout: 120_000 }, async () => {
    const differing = [];
    for (const each of casesOf(file)) {
      const ours = await tables.judge(each);
      if (isAsRecorded(each, ours) || knownDifferences.some(({ name }) => name.test(each.name))) continue;
      const theirs = comparable(each.pandas, each);
      differing.push({ name: each.name, theirs, ours: oursComparable(ours), reason: ours.reason });
    }
    expect(differing).toEqual([]);
  });
});

test('what is known to differ does', { timeout: 120_000 }, async () => {
  const seen = new Set<string>();
  for (const each of files.flatMap(casesOf)) {
    const known = knownDifferences.find(({ name }) => name.test(each.name));
    if (known !== undefined && !isAsRecorded(each, await tables.judge(each))) seen.add(known.why);
  }
  expect([...seen].sort()).toEqual(knownDifferences.map(({ why }) => why).sort());
});

test('rows are those whose numbers they recorded, where the counts are those of their pandas engine', async () => {
  for (const each of [...casesOf('ranges'), ...casesOf('sets')].slice(0, 150)) {
    const ours = await tables.judge(each);
    const { unexpected_index_list: indexes = [] } = each.pandas.result ?? {};
    if (ours.outcome?.success !== false || comparable(each.pandas, each) !== oursComparable(ours)) continue;
    const { rows } = ours;
    expect(
      rows.map(({ row }) => (row ?? 0) - 1),
      each.name,
    ).toEqual(indexes.slice(0, 20));
  }
});
