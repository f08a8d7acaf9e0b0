import { LedgerError, nodeCryptography } from '@holdfast/ledger';
import { expect } from 'vitest';
import { serialiseBundle } from '../src/bundle.ts';
import { EvidenceError } from '../src/errors.ts';
import { parseStoredBundle } from '../src/store.ts';
import { verifyLedger } from '../src/view.ts';
import { approval, flip, keyEvent, openScene, person, replaced, type Scene } from './scene.ts';

const authority = person('root', ['authority']);
const approver = person('ann', []);

/** Three entries, of which one grants the role that the other two need. */
export async function smallLedger(): Promise<{ scene: Scene; ids: string[] }> {
  const scene = await openScene([authority], { postQuantum: true });
  const ids = [
    await scene.record(authority, keyEvent('grant', approver, ['approver'], null)),
    await scene.record(approver, approval('one')),
    await scene.record(approver, approval('two')),
  ].map(({ id }) => id);
  return { scene, ids };
}

/** One entry that counts, and one that does not and so costs little to look at. */
export async function smallestLedger(): Promise<{ scene: Scene; id: string }> {
  const known = person('bob', ['approver']);
  const scene = await openScene([known], { postQuantum: true });
  await scene.record(approver, approval('by a stranger'));
  return { scene, id: (await scene.record(known, approval())).id };
}

/** Flips bits of stored evidence, one at a time, and says where that went unnoticed. */
export async function flipEvidence(
  scene: Scene,
  id: string,
  bits: (at: number) => readonly number[],
): Promise<string[]> {
  const stored = Buffer.from(serialiseBundle(await scene.store.get(id)));
  const reader = await scene.reader();
  const ids = await scene.store.list();
  const bundles = Object.fromEntries(
    await Promise.all(ids.map(async (each) => [each, await scene.store.get(each)] as const)),
  );
  const unnoticed: string[] = [];
  for (let at = 0; at < stored.length; at++) {
    for (const bit of bits(at)) {
      const text = Buffer.from(flip(stored, at, bit)).toString('utf8');
      try {
        const source = replaced(scene.store, { ...bundles, [id]: parseStoredBundle(text, 'file') });
        const { broken } = await verifyLedger(reader, source, scene.trust, nodeCryptography);
        if (broken.length === 0) unnoticed.push(`byte ${at}, bit ${bit}`);
      } catch (error) {
        expect(error).toBeInstanceOf(EvidenceError);
      }
    }
  }
  return unnoticed;
}

/** Flips bits of every ledger file that verification reads. */
export async function flipLedger(scene: Scene, bits: (at: number) => readonly number[]): Promise<string[]> {
  const whole = scene.tiles();
  expect((await scene.view({ tiles: whole })).broken).toEqual([]);
  const paths = [...whole.seen].filter((name) => whole.files.has(name));
  const places = paths.flatMap((path) =>
    Array.from(whole.files.get(path)!, (_, at) => bits(at).map((bit) => ({ path, at, bit }))).flat(),
  );
  const unnoticed: string[] = [];
  for (const { path, at, bit } of places) {
    try {
      const { broken } = await scene.view({ tiles: whole.with(path, flip(whole.files.get(path)!, at, bit)) });
      if (broken.length === 0) unnoticed.push(`${path}, byte ${at}, bit ${bit}`);
    } catch (error) {
      expect(error).toBeInstanceOf(LedgerError);
    }
  }
  return unnoticed;
}
