import { needsPostgres } from '@holdfast/testkit/postgres';
import { expect, test } from 'vitest';
import { Engines, engineDifferences, everyCase, isKnown } from './engines.ts';

test('every recorded case has the same answer on DuckDB and PostgreSQL, but for what is named', {
  timeout: 600_000,
}, async (context) => {
  needsPostgres(context);
  const engines = await Engines.start();
  const cases = everyCase();
  expect(cases.length).toBeGreaterThan(3300);
  const differing = await engines.differing(cases);
  expect(differing.filter((each) => !isKnown(each))).toEqual([]);
  for (const { name } of engineDifferences)
    expect(differing.map((each) => each.name)).toContainEqual(expect.stringMatching(name));
  await engines.close();
});
