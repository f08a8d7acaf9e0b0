import { expect, test } from 'vitest';
import { killWriters } from './killing.ts';
import { temporaryFolder } from './scene.ts';

// Each round starts two processes in a fresh ledger every fifty rounds, so that reading all of it back stays quick.
test('a thousand killed processes lose nothing that they acknowledged', { timeout: 3_600_000 }, async () => {
  let killed = 0;
  for (let ledger = 0; ledger < 10; ledger++) killed += (await killWriters(temporaryFolder(), 50)).killed;
  expect(killed).toBe(1000);
});
