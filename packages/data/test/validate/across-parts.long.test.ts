import { expect, test } from 'vitest';
import { differingInParts, uniqueCases } from './across-parts.ts';

test('what is unique or most common is found across the files of a table, as Great Expectations finds it in one', {
  timeout: 300_000,
}, async () => {
  expect(uniqueCases.length).toBeGreaterThan(30);
  expect(await differingInParts(uniqueCases)).toEqual([]);
});
