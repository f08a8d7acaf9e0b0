import { it } from 'vitest';
import { expectAttacksWithin, expectWishesWithin } from './row-properties.ts';

it('20,000 tables: no wish becomes a row that a person could not submit', { timeout: 600_000 }, () => {
  expectWishesWithin(20_000);
});

it('600 tables: no attack gives such a row', { timeout: 600_000 }, async () => {
  await expectAttacksWithin(600);
});
