import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Ledger } from '@holdfast/ledger';
import { describe, expect, test } from 'vitest';
import { maximumBundleBytes } from '../src/bundle.ts';
import { canonicalJson } from '../src/canonical-json.ts';
import { keySigner, type Signer } from '../src/keys.ts';
import { completeEvidence, recordEvidence, signStatement } from '../src/record.ts';
import { openEvidenceStore } from '../src/store.ts';
import { approval, expectCode, openScene, person, problems, type Scene, sceneFolder, withdrawal } from './scene.ts';

const ann = person('ann', ['approver'], 'p256');

const evidenceFile = (scene: Scene, id: string): string =>
  join(scene.ledger.folder, '..', 'evidence', id.slice(0, 2), `${id}.json`);

/** A ledger that dies at a step of the recording, as a killed process would. */
function dying(ledger: Ledger, step: 'append' | 'prove'): Ledger {
  return new Proxy(ledger, {
    get(target, name) {
      if (name === step) return () => Promise.reject(new Error('killed'));
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

describe('a statement', () => {
  test('is signed as canonical JSON', async () => {
    const { envelope, publicKey } = await signStatement(approval(), ann.signer);
    expect(new TextDecoder().decode(envelope.payload)).toBe(canonicalJson(approval()));
    expect(envelope).toMatchObject({ payloadType: 'application/vnd.in-toto+json', keyId: ann.signer.publicKey.id });
    expect(publicKey).toBe(ann.signer.publicKey.pem);
  });
});

describe('evidence', () => {
  test('is logged in one batch, in order', async () => {
    const scene = await openScene([ann]);
    const signed = await Promise.all(['a', 'b', 'c'].map((reason) => signStatement(approval(reason), ann.signer)));
    const recorded = await recordEvidence(signed, scene);
    expect(recorded.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(await scene.store.list()).toHaveLength(3);
    for (const { id, index } of recorded) {
      expect((await scene.store.get(id)).entry).toMatchObject({ index, treeSize: 3, claimedIndex: index });
    }
    expect((await scene.view()).evidence.map(({ id }) => id)).toEqual(recorded.map(({ id }) => id));
  });

  test('is logged once', async () => {
    const scene = await openScene([ann]);
    const signed = await signStatement(approval(), ann.signer);
    const first = await recordEvidence([signed], scene);
    expect(await recordEvidence([signed], scene)).toEqual(first);
    expect(scene.ledger.size).toBe(1);
    expect((await scene.view()).broken).toEqual([]);
  });

  test('is logged only at the size that was expected', async () => {
    const scene = await openScene([ann]);
    await scene.record(ann, approval('first'));
    const late = [await signStatement(approval('late'), ann.signer)];
    await expect(recordEvidence(late, scene, { expectedSize: 0 })).rejects.toMatchObject({
      code: 'HF_LEDGER_SIZE_CHANGED',
    });
    expect(scene.ledger.size).toBe(1);
    const view = await scene.view();
    expect([view.evidence.length, view.broken]).toEqual([1, []]);
    expect(await recordEvidence(late, scene, { expectedSize: 1 })).toMatchObject([{ index: 1 }]);
  });

  test('whose signature does not verify never gets into the ledger', async () => {
    const scene = await openScene([ann]);
    const broken: Signer = { ...ann.signer, sign: () => Promise.resolve(new Uint8Array(64)) };
    const signed = await signStatement(approval(), broken);
    await expectCode(() => recordEvidence([signed], scene), 'HF_SIGNATURE_INVALID');
    const right = await signStatement(approval(), ann.signer);
    const other = person('bob', []).signer.publicKey;
    await expectCode(() => recordEvidence([{ ...right, publicKey: other.pem }], scene), 'HF_SIGNATURE_INVALID');
    const hinted = { ...right, envelope: { ...right.envelope, keyId: other.id } };
    await expectCode(() => recordEvidence([right, hinted], scene), 'HF_SIGNATURE_INVALID');
    await expectCode(() => recordEvidence([{ ...right, publicKey: 'x' }], scene), 'HF_KEY_FORMAT');
    expect([scene.ledger.size, await scene.store.list()]).toEqual([0, []]);
  });
});

describe('a command that is killed', () => {
  test('before the ledger leaves evidence that counts for nothing', async () => {
    const scene = await openScene([ann]);
    const signed = [await signStatement(withdrawal(), ann.signer)];
    const recorder = { store: scene.store, ledger: dying(scene.ledger, 'append') };
    await expect(recordEvidence(signed, recorder)).rejects.toThrow('killed');
    const [id] = await scene.store.list();
    expect((await scene.store.get(id!)).entry).toBeUndefined();
    const view = await scene.view();
    expect([view.size, view.evidence, view.broken]).toEqual([0, [], []]);
  });

  test('between ledger and store is completed later', async () => {
    const scene = await openScene([ann]);
    await scene.record(ann, approval());
    const signed = [await signStatement(withdrawal(), ann.signer)];
    const recorder = { store: scene.store, ledger: dying(scene.ledger, 'prove') };
    await expect(recordEvidence(signed, recorder)).rejects.toThrow('killed');
    expect(scene.ledger.size).toBe(2);
    // It counts already: a withdrawal that is in the ledger is not lost, and nothing is blocked.
    const between = await scene.view();
    expect(between.broken).toEqual([]);
    expect(between.evidence.map(({ kind }) => kind)).toEqual(['approval', 'withdrawal']);
    const unproven = between.evidence[1]!.id;
    expect((await scene.store.get(unproven)).entry).toBeUndefined();
    expect(await completeEvidence(scene, 1, 2)).toBe(1);
    expect((await scene.store.get(unproven)).entry).toMatchObject({ index: 1, treeSize: 2 });
    expect(await completeEvidence(scene, 0, 2)).toBe(0);
    expect((await scene.view()).broken).toEqual([]);
  });

  test('is not confused with evidence that is missing or damaged, which cannot be completed', async () => {
    const scene = await openScene([ann]);
    const { id } = await scene.record(ann, approval());
    writeFileSync(evidenceFile(scene, id), '{}');
    expect(await completeEvidence(scene, 0, 1)).toBe(0);
    expect(problems((await scene.view()).broken)).toEqual([[0, 'HF_ENVELOPE_FORMAT']]);
  });

  test('keeps the proof of what was complete', async () => {
    const scene = await openScene([ann]);
    const signed = await signStatement(approval(), ann.signer);
    const [recorded] = await recordEvidence([signed], scene);
    const before = readFileSync(evidenceFile(scene, recorded!.id), 'utf8');
    const recorder = { store: scene.store, ledger: dying(scene.ledger, 'append') };
    await expect(recordEvidence([signed], recorder)).rejects.toThrow('killed');
    expect(readFileSync(evidenceFile(scene, recorded!.id), 'utf8')).toBe(before);
  });

  test('by an error of the disk passes it on when completing', async () => {
    const scene = await openScene([ann]);
    await scene.record(ann, approval());
    const store = { ...scene.store, get: () => Promise.reject(new Error('EIO')) };
    await expect(completeEvidence({ ledger: scene.ledger, store }, 0, 1)).rejects.toThrow('EIO');
  });
});

describe('a ledger that answers for fewer entries than it was given', () => {
  test('is not believed', async () => {
    const scene = await openScene([ann]);
    const ledger = new Proxy(scene.ledger, {
      get: (target, name) =>
        name === 'append' ? () => Promise.resolve([]) : (Reflect.get(target, name, target) as unknown),
    });
    const signed = [await signStatement(approval(), ann.signer)];
    await expect(recordEvidence(signed, { ledger, store: scene.store })).rejects.toThrow(TypeError);
  });
});

describe('the store', () => {
  const id = 'ab'.repeat(32);
  const envelope = { payloadType: 'x', payload: Buffer.from('p'), signature: Buffer.from('s'), keyId: 'k' };

  test('keeps bundles as files, sharded by the first two digits', async () => {
    const folder = join(sceneFolder(), 'evidence');
    const store = openEvidenceStore(folder);
    expect([await store.list(), await store.has(id), await store.find('a')]).toEqual([[], false, []]);
    await store.put(id, { envelope, entry: undefined });
    expect(readdirSync(folder)).toEqual(['ab']);
    expect(readdirSync(join(folder, 'ab'))).toEqual([`${id}.json`]);
    expect([await store.list(), await store.has(id)]).toEqual([[id], true]);
    expect([await store.find('abab'), await store.find('cd')]).toEqual([[id], []]);
    expect((await store.get(id)).envelope).toMatchObject({ keyId: 'k' });
  });

  test('sees only its own files', async () => {
    const folder = join(sceneFolder(), 'evidence');
    const store = openEvidenceStore(folder);
    await store.put(id, { envelope, entry: undefined });
    for (const name of ['xy', 'abc', 'ab']) mkdirSync(join(folder, name), { recursive: true });
    for (const name of ['README', `.${id}.json.tmp`, `${id}.txt`, 'short.json'])
      writeFileSync(join(folder, 'ab', name), '');
    writeFileSync(join(folder, 'xy', `${id}.json`), '');
    expect(await store.list()).toEqual([id]);
  });

  test.each(['', '../x', 'ab', id.toUpperCase(), `${id}/..`, `${id}\0`])('has no evidence %j', async (wanted) => {
    await expectCode(() => openEvidenceStore(sceneFolder()).get(wanted), 'HF_EVIDENCE_NOT_FOUND');
  });

  test('says what is not there, and what cannot be read', async () => {
    const folder = join(sceneFolder(), 'evidence');
    const store = openEvidenceStore(folder);
    await expectCode(() => store.get(id), 'HF_EVIDENCE_NOT_FOUND');
    mkdirSync(join(folder, 'ab', `${id}.json`), { recursive: true });
    await expectCode(() => store.get(id), 'HF_EVIDENCE_NOT_FOUND');
  });

  test('does not read a file over 64 MiB', async () => {
    const folder = join(sceneFolder(), 'evidence');
    const file = join(folder, 'ab', `${id}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    truncateSync(file, maximumBundleBytes + 1);
    await expectCode(() => openEvidenceStore(folder).get(id), 'HF_ENVELOPE_FORMAT');
  });

  test('lists nothing it may not, and says so', async () => {
    const folder = sceneFolder();
    writeFileSync(join(folder, 'ab'), 'a file where a folder should be');
    await expect(openEvidenceStore(folder).list()).rejects.toMatchObject({ code: 'ENOTDIR' });
    chmodSync(join(folder, 'ab'), 0o600);
  });
});

test('a key that signs anything but P-256 or Ed25519 is no signer', async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  await expectCode(() => keySigner(privateKey), 'HF_KEY_FORMAT');
});
