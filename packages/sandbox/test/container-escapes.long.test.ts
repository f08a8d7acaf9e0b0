import { describe, it } from 'vitest';
import { expectNoEscape, ways } from './container-escapes.ts';

describe('every attempt to escape from a container', () => {
  for (const [way, open] of Object.entries(ways)) {
    it(`fails ${way}`, { timeout: 1_800_000 }, async (context) => {
      await expectNoEscape(await open(context));
    });
  }
});
