import { expect, test } from 'vitest';
import { flipEvidence, flipLedger, smallestLedger, smallLedger } from './tampering.ts';

// One of the two bits at each byte; tampering.long.test.ts flips them all.
const bits = (at: number): readonly number[] => [at % 2 === 0 ? 0 : 6];

test('a bit flipped in any byte of stored evidence is noticed', async () => {
  const { scene, id } = await smallestLedger();
  expect(await flipEvidence(scene, id, bits)).toEqual([]);
});

test('a bit flipped in any byte of checkpoint, tile or entry bundle is noticed', async () => {
  const { scene } = await smallLedger();
  expect(await flipLedger(scene, bits)).toEqual([]);
});
