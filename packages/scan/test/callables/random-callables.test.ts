import { expect, it } from 'vitest';
import { needsPython } from './python.ts';
import { drawCallables } from './random-callables.ts';

it('lets none of 500 random callables pass, whatever they are called with, but for calls on the allowlist', (context) => {
  needsPython(context, 'scan');
  const { callables, calls, passed, listedPassed } = drawCallables(20261128, 500, 12);
  expect(callables).toBe(500);
  expect(passed).toEqual([]);
  // Every call was judged, and most callables are on no list at all.
  expect(calls.pass).toBe(listedPassed.length);
  expect(calls.fail + calls.unknown).toBeGreaterThan(5900);
});
