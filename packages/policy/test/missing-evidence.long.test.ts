import { expect, it } from 'vitest';
import { defaultLoaded } from './requests.ts';
import { wrongAnswers } from './search.ts';

it('denies 100,000 requests with evidence removed or made worse, and only those', { timeout: 900_000 }, () => {
  expect(wrongAnswers(defaultLoaded(), 100_000, 1)).toEqual([]);
});
