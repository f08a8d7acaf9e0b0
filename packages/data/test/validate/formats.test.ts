import { afterAll, expect, test } from 'vitest';
import { casesOf, comparable, oursComparable, RecordedTables } from './recorded.ts';

const tables = new RecordedTables();
afterAll(async () => {
  await tables.close();
});

/** Cases of theirs that are left unanswered here, on purpose. */
const unanswered: Readonly<Record<string, readonly string[]>> = { 'text-formats': [], regex: [], like: [] };

test.each(Object.keys(unanswered))('%s: as Great Expectations says', { timeout: 120_000 }, async (file) => {
  const [differing, left]: [unknown[], string[]] = [[], []];
  for (const each of casesOf(file)) {
    const ours = await tables.judge(each);
    const recorded = file === 'like' && each.sqlite !== 'same' ? each.sqlite : each.pandas;
    const theirs = comparable(recorded);
    if (JSON.stringify(oursComparable(ours)) === JSON.stringify(theirs)) continue;
    if (oursComparable(ours) === 'unanswered') left.push(`${each.name}: ${ours.reason ?? ''}`);
    else differing.push({ name: each.name, kwargs: each.expectation.kwargs, theirs, ours: oursComparable(ours) });
  }
  expect(differing).toEqual([]);
  expect(left).toEqual(unanswered[file]);
});
