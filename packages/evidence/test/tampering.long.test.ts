import { expect, test } from 'vitest';
import { flipEvidence, flipLedger, smallLedger } from './tampering.ts';

const everyBit = (): readonly number[] => [0, 1, 2, 3, 4, 5, 6, 7];

test('every bit flipped in stored evidence is noticed, in a grant and in what rests on it', {
  timeout: 900_000,
}, async () => {
  const { scene, ids } = await smallLedger();
  expect(await flipEvidence(scene, ids[0]!, everyBit)).toEqual([]);
  expect(await flipEvidence(scene, ids[2]!, everyBit)).toEqual([]);
});

test('every bit flipped in checkpoint, tiles and entry bundles is noticed', { timeout: 900_000 }, async () => {
  const { scene } = await smallLedger();
  expect(await flipLedger(scene, everyBit)).toEqual([]);
});
