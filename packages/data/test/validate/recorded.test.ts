import { afterAll, describe, expect, test } from 'vitest';
import { casesOf, comparable, oursComparable, RecordedTables } from './recorded.ts';

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
describe.each(files)('%s: as Great Expectations says', (file) => {
  test('case by case', { timeout: 120_000 }, async () => {
    const differing = [];
    for (const each of casesOf(file)) {
      const [ours, theirs] = [await tables.judge(each), comparable(each.pandas)];
      if (JSON.stringify(oursComparable(ours)) !== JSON.stringify(theirs)) {
        differing.push({
          name: each.name,
          kwargs: each.expectation.kwargs,
          theirs,
          ours: oursComparable(ours),
          reason: ours.reason,
        });
      }
    }
    expect(differing).toEqual([]);
  });
});
