import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { nodeCryptography } from '@holdfast/ledger';
import { base64 } from '@holdfast/ledger/verify/encoding';
import { describe, expect, test } from 'vitest';
import { type EvidenceBundle, serialiseBundle } from '../src/bundle.ts';
import { predicateTypes } from '../src/predicates/types.ts';
import { statementOf } from '../src/statement.ts';
import type { Trust } from '../src/trust.ts';
import { createTrustView } from '../src/verify/trust-view.ts';
import { verifyLedger, viewAt } from '../src/view.ts';
import {
  approval,
  artifact,
  errorOf,
  flip,
  keyEvent,
  openScene,
  person,
  problems,
  replaced,
  type Scene,
  withdrawal,
} from './scene.ts';

const authority = person('root', ['authority']);
const approver = person('ann', ['approver']);
const builder = person('bob', ['builder'], 'p256');
const stranger = person('eve', []);
const people = [authority, approver, builder];

const withEntry = (bundle: EvidenceBundle, change: Partial<NonNullable<EvidenceBundle['entry']>>): EvidenceBundle => ({
  envelope: bundle.envelope,
  entry: { ...bundle.entry!, ...change },
});

describe('a ledger', () => {
  test('that is empty has nothing in it', async () => {
    const { evidence, ignored, broken, size } = await (await openScene(people)).view();
    expect([evidence, ignored, broken, size]).toEqual([[], [], [], 0]);
  });

  test('is verified from the first entry to the last', async () => {
    const scene = await openScene(people, { postQuantum: true });
    const ids = [
      await scene.record(approver, approval()),
      await scene.record(approver, withdrawal()),
      await scene.record(authority, keyEvent('grant', stranger, ['builder'], null)),
      await scene.record(approver, statementOf('https://model_signing/signature/v1.0', [artifact], { any: 'thing' })),
    ];
    const view = await scene.view();
    expect(view.evidence.map(({ id, index, kind }) => ({ id, index, kind }))).toEqual([
      { ...ids[0], kind: 'approval' },
      { ...ids[1], kind: 'withdrawal' },
      { ...ids[2], kind: 'keyEvent' },
      { ...ids[3], kind: 'other' },
    ]);
    expect([view.ignored, view.broken, view.size]).toEqual([[], [], 4]);
    expect(base64(view.rootHash)).toBe(scene.ledger.checkpoint.text.split('\n')[2]);
  });

  test('counts nothing by strangers, by others than its roles allow, or of another shape', async () => {
    const scene = await openScene(people);
    await scene.record(stranger, approval());
    await scene.record(builder, approval());
    await scene.record(builder, withdrawal());
    await scene.record(approver, statementOf(predicateTypes.approval, [artifact], { approvedOn: 'yesterday' }));
    await scene.record(approver, statementOf('https://holdfast.dev/withdrawal/v2', [artifact], {}));
    await scene.record(approver, { ...approval(), subject: [] });
    await scene.record(stranger, withdrawal());
    const { evidence, ignored, broken } = await scene.view();
    expect(evidence).toEqual([]);
    expect(broken).toEqual([]);
    expect(problems(ignored)).toEqual([
      [0, 'HF_SIGNER_UNKNOWN'],
      [1, 'HF_SIGNER_ROLE'],
      [2, 'HF_SIGNER_ROLE'],
      [3, 'HF_STATEMENT_FORMAT'],
      [4, 'HF_SIGNER_ROLE'],
      [5, 'HF_STATEMENT_FORMAT'],
      [6, 'HF_SIGNER_UNKNOWN'],
    ]);
  });

  test.each([
    ['withdrawal', predicateTypes.withdrawal, approver, builder, 'HF_EVIDENCE_GAP'],
    ['switch', predicateTypes.switch, approver, authority, 'HF_EVIDENCE_GAP'],
    ['key event', predicateTypes.keyEvent, authority, builder, 'HF_KEY_EVENT_CHAIN'],
  ] as const)('with a %s that cannot be read is broken', async (_, type, who, other, code) => {
    const scene = await openScene(people);
    await scene.record(who, statementOf(type, [artifact], { whatever: true }));
    await scene.record(approver, approval());
    const { evidence, broken } = await scene.view();
    expect(problems(broken)).toEqual([[0, code]]);
    expect(evidence).toHaveLength(1);
    const others = await openScene(people);
    await others.record(other, statementOf(type, [artifact], { whatever: true }));
    expect(problems((await others.view()).broken)).toEqual([]);
  });

  test('whose evidence is missing is broken', async () => {
    const scene = await openScene(people);
    await scene.record(approver, approval());
    const view = await scene.view({ source: (await openScene(people)).store });
    expect(problems(view.broken)).toEqual([[0, 'HF_EVIDENCE_GAP']]);
  });

  test('that holds something else than evidence is broken', async () => {
    const scene = await openScene(people);
    const [appended] = await scene.ledger.append([Buffer.from('not a leaf')]);
    const { id } = await scene.record(approver, approval());
    const bundle = await scene.store.get(id);
    const everywhere = { list: () => Promise.resolve([]), get: () => Promise.resolve(bundle) };
    expect(appended).toMatchObject({ index: 0 });
    expect(problems((await scene.view()).broken)).toEqual([[0, 'HF_EVIDENCE_GAP']]);
    expect(problems((await scene.view({ source: everywhere })).broken)).toEqual([[0, 'HF_LEAF_MISMATCH']]);
  });

  test('that the trust file does not name is broken, every entry of it', async () => {
    const scene = await openScene(people);
    await scene.record(approver, approval());
    const elsewhere = await openScene(people, { origin: 'elsewhere.example' });
    const view = await scene.view({ trust: elsewhere.trust });
    expect(problems(view.broken)).toEqual([[0, 'HF_LEDGER_UNTRUSTED']]);
  });
});

describe('a bundle that was swapped for', () => {
  const two = async (): Promise<{ scene: Scene; ids: [string, string]; bundles: [EvidenceBundle, EvidenceBundle] }> => {
    const scene = await openScene(people);
    const first = await scene.record(approver, withdrawal());
    const second = await scene.record(approver, approval());
    const ids: [string, string] = [first.id, second.id];
    return { scene, ids, bundles: [await scene.store.get(ids[0]), await scene.store.get(ids[1])] };
  };

  test('that of another entry is noticed', async () => {
    const { scene, ids, bundles } = await two();
    const view = await scene.view({ source: replaced(scene.store, { [ids[0]]: bundles[1] }) });
    expect(problems(view.broken)).toEqual([[0, 'HF_LEAF_MISMATCH']]);
    const mixed = { envelope: bundles[1].envelope, entry: bundles[0].entry };
    const again = await scene.view({ source: replaced(scene.store, { [ids[0]]: mixed }) });
    expect(problems(again.broken)).toEqual([[0, 'HF_LEAF_MISMATCH']]);
  });

  test('one by a stranger, in its key hint only, is noticed and does not lose its weight', async () => {
    const { scene, ids, bundles } = await two();
    const [{ envelope, entry }] = bundles;
    for (const keyId of ['', stranger.signer.publicKey.id, builder.signer.publicKey.id]) {
      const changed = { envelope: { ...envelope, keyId }, entry };
      const view = await scene.view({ source: replaced(scene.store, { [ids[0]]: changed }) });
      expect(problems(view.broken)).toEqual([[0, 'HF_LEAF_MISMATCH']]);
      expect(view.ignored).toEqual([]);
    }
  });

  test('one of another trusted ledger, where its signer has no role, is noticed and does not lose its weight', async () => {
    const scene = await openScene([authority]);
    const there = await openScene([authority], { origin: 'elsewhere.example' });
    await scene.record(authority, keyEvent('grant', approver, ['approver'], null));
    const { id } = await scene.record(approver, withdrawal());
    const trust: Trust = { ...scene.trust, ledgers: [...scene.trust.ledgers, ...there.trust.ledgers] };
    const moved = withEntry(await scene.store.get(id), { logId: there.ledger.logId });
    const view = await scene.view({ trust, source: replaced(scene.store, { [id]: moved }) });
    expect(problems(view.broken)).toEqual([[1, 'HF_LEAF_MISMATCH']]);
    expect(view.ignored).toEqual([]);
    expect((await scene.view({ trust })).broken).toEqual([]);
  });

  test.each([
    ['index', { index: 0 }],
    ['claimed index', { claimedIndex: 0 }],
    ['body', { body: new Uint8Array(3) }],
  ])('one with another %s is noticed, and does not lose its weight', async (_, change) => {
    const scene = await openScene([authority]);
    await scene.record(authority, keyEvent('grant', approver, ['approver'], null));
    const { id } = await scene.record(approver, withdrawal());
    const changed = withEntry(await scene.store.get(id), change);
    const view = await scene.view({ source: replaced(scene.store, { [id]: changed }) });
    expect(problems(view.broken)).toEqual([[1, 'HF_LEAF_MISMATCH']]);
  });

  test('one whose proof or checkpoint was changed is noticed', async () => {
    const { scene, ids, bundles } = await two();
    const { entry } = bundles[1];
    const changes = [
      ['HF_INCLUSION_INVALID', { hashes: [flip(entry!.hashes[0]!, 3, 3)] }],
      ['HF_CHECKPOINT_INVALID', { checkpoint: entry!.checkpoint.replace('\n2\n', '\n3\n') }],
    ] as const;
    for (const [code, change] of changes) {
      const source = replaced(scene.store, { [ids[1]]: withEntry(bundles[1], change) });
      expect(problems((await scene.view({ source })).broken)).toEqual([[1, code]]);
    }
  });
});

describe('another history', () => {
  test('with the same key is a fork, on whichever side the evidence lies', async () => {
    const logKey = generateKeyPairSync('ed25519').privateKey;
    const here = await openScene(people, { logKey });
    const there = await openScene(people, { logKey });
    const shared = await here.record(approver, approval('both know it'));
    await there.record(approver, approval('both know it'));
    await here.record(approver, withdrawal());
    await there.record(approver, approval('and no withdrawal'));
    const { id } = await there.record(approver, approval('third'));
    await here.record(approver, approval('third'));
    // Evidence of `there` cannot stand in for the same evidence `here`: its proof leads to the other history.
    const forked = replaced(here.store, { [id]: await there.store.get(id) });
    expect(problems((await here.view({ source: forked })).broken)).toEqual([[2, 'HF_EVIDENCE_FORK']]);
    const prefix = replaced(here.store, { [shared.id]: await there.store.get(shared.id) });
    expect((await here.view({ source: prefix })).broken).toEqual([]);
  });

  test('that is longer than the ledger is a fork: the ledger was cut back', async () => {
    const logKey = generateKeyPairSync('ed25519').privateKey;
    const here = await openScene(people, { logKey });
    const { id } = await here.record(approver, approval());
    const cut = here.tiles();
    await here.record(approver, withdrawal());
    // The same evidence, proven again after the withdrawal.
    await here.record(approver, approval());
    const view = await here.view({ tiles: cut });
    expect(view.size).toBe(1);
    expect(problems(view.broken)).toEqual([[0, 'HF_EVIDENCE_FORK']]);
    expect((await here.view()).evidence[0]).toMatchObject({ id, checkpoint: { size: 2 } });
  });
});

describe('a view at an earlier size', () => {
  test('is the view of that time', async () => {
    const scene = await openScene(people);
    const first = await scene.record(authority, keyEvent('grant', stranger, ['approver'], null));
    await scene.record(stranger, approval());
    const then = await scene.view();
    const second = await scene.record(authority, keyEvent('revoke', stranger, ['approver'], first.id));
    await scene.record(stranger, approval('too late'));
    const now = await scene.view();
    const reader = await scene.reader();
    const past = viewAt(now, 2, await reader.rootAt(2));
    expect(past.evidence).toEqual(then.evidence);
    expect([past.size, past.origin]).toEqual([2, then.origin]);
    expect(base64(past.rootHash)).toBe(base64(then.rootHash));
    expect([past.ignored, past.broken]).toEqual([[], []]);
    expect(past.trust.newestKeyEvent(past.origin)).toBe(first.id);
    expect(past.trust.newestKeyEvent(past.origin, 4)).toBe(first.id);
    expect(now.trust.newestKeyEvent(now.origin)).toBe(second.id);
    expect(problems(now.ignored)).toEqual([[3, 'HF_SIGNER_ROLE']]);
    const signersOf = (view: typeof now) =>
      view.trust.signers(view.origin).map(({ name, roles }) => [name, [...roles]]);
    expect(signersOf(past)).toEqual(signersOf(then));
    expect(signersOf(now)).not.toEqual(signersOf(then));
  });
});

test('an error that is no finding is passed on', async () => {
  const scene = await openScene(people);
  await scene.record(approver, approval());
  const source = { list: () => Promise.resolve([]), get: () => Promise.reject(new Error('EIO')) };
  await expect(scene.view({ source })).rejects.toThrow('EIO');
});

test('a bundle without its proof counts: the ledger itself has it', async () => {
  const scene = await openScene(people, { postQuantum: true });
  await scene.record(approver, approval());
  const { id } = await scene.record(approver, withdrawal());
  const { envelope } = await scene.store.get(id);
  const view = await scene.view({ source: replaced(scene.store, { [id]: { envelope, entry: undefined } }) });
  expect(view.broken).toEqual([]);
  expect(view.evidence[1]).toMatchObject({ id, kind: 'withdrawal', checkpoint: { size: 2 } });
  const swapped = { envelope: { ...envelope, keyId: stranger.signer.publicKey.id }, entry: undefined };
  const forged = await scene.view({ source: replaced(scene.store, { [id]: swapped }) });
  expect(problems(forged.broken)).toEqual([[1, 'HF_LEAF_MISMATCH']]);
});

test('a reader whose checkpoint no key of the ledger signed has no proof to give', async () => {
  const scene = await openScene(people);
  const { id } = await scene.record(approver, approval());
  const { envelope } = await scene.store.get(id);
  const reader = await scene.reader();
  const source = replaced(scene.store, { [id]: { envelope, entry: undefined } });
  Object.defineProperty(reader, 'checkpoint', { value: { ...reader.checkpoint, signatures: [] } });
  const view = await verifyLedger(reader, source, scene.trust, nodeCryptography);
  expect(problems(view.broken)).toEqual([[0, 'HF_NOT_LOGGED']]);
});

test('a stored bundle that is not what was written breaks the view', async () => {
  const scene = await openScene(people);
  const { id } = await scene.record(approver, approval());
  const text = serialiseBundle(await scene.store.get(id));
  writeFileSync(`${scene.ledger.folder}/../evidence/${id.slice(0, 2)}/${id}.json`, `${text} `);
  expect(problems((await scene.view()).broken)).toEqual([[0, 'HF_ENVELOPE_FORMAT']]);
});

describe('a trust file brought to life', () => {
  const scene = openScene(people);
  const bring = async (change: (trust: Trust) => Trust) =>
    createTrustView(change((await scene).trust), nodeCryptography);

  test.each<[string, string, (trust: Trust) => Trust]>([
    [
      'a key twice',
      'HF_TRUST_FORMAT',
      (trust) => ({ ...trust, signers: [trust.signers[0]!, { ...trust.signers[0]!, name: 'x' }] }),
    ],
    [
      'a key that is none',
      'HF_KEY_FORMAT',
      (trust) => ({ ...trust, signers: [{ ...trust.signers[0]!, publicKey: 'x' }] }),
    ],
    [
      'a ledger key that is none',
      'HF_TRUST_FORMAT',
      (trust) => ({ ...trust, ledgers: [{ origin: 'a.example', verifierKeys: ['x'] }] }),
    ],
    [
      'a ledger under another name than its key',
      'HF_TRUST_FORMAT',
      (trust) => ({ ...trust, ledgers: [{ ...trust.ledgers[0]!, origin: 'a.example' }] }),
    ],
  ])('with %s is refused', async (_, code, change) => {
    expect(await errorOf(() => bring(change))).toMatchObject({ code });
  });

  test('knows names and keys, and who is nobody', async () => {
    const view = await bring((trust) => trust);
    const { id } = approver.signer.publicKey;
    expect([view.nameOf(id), view.publicKey(id).pem]).toEqual(['ann', approver.signer.publicKey.pem]);
    expect(view.nameOf('ab'.repeat(32))).toBe('abababababababab…');
    expect(await errorOf(() => view.publicKey('ab'.repeat(32)))).toMatchObject({ code: 'HF_SIGNER_UNKNOWN' });
    expect(view.signers('anywhere.example').map(({ name, roles }) => [name, [...roles]])).toEqual([
      ['root', ['authority']],
      ['ann', ['approver']],
      ['bob', ['builder']],
    ]);
  });
});
