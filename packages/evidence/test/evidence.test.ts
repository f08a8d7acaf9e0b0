import { generateKeyPairSync } from 'node:crypto';
import { ed25519Signer, mlDsa44Cosigner, nodeCryptography } from '@holdfast/ledger';
import { formatNote, parseNote } from '@holdfast/ledger/verify/index';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EvidenceBundle } from '../src/bundle.ts';
import type { EvidenceErrorCode } from '../src/errors.ts';
import { signStatement } from '../src/record.ts';
import { roles } from '../src/roles.ts';
import { statementOf } from '../src/statement.ts';
import type { Trust } from '../src/trust.ts';
import { type LogEntry, type SignedEnvelope, verifyEvidence } from '../src/verify/evidence.ts';
import { createTrustView } from '../src/verify/trust-view.ts';
import { approval, artifact, expectCode, flip, openScene, origin, type Person, person, type Scene } from './scene.ts';

const ann = person('ann', ['approver'], 'p256');
const bob = person('bob', ['builder']);
const eve = person('eve', []);
let scene: Scene;
let bundle: EvidenceBundle & { readonly entry: LogEntry };
let other: EvidenceBundle & { readonly entry: LogEntry };

beforeAll(async () => {
  scene = await openScene([ann, bob], { postQuantum: true });
  await scene.record(bob, approval('before'));
  const ids = [await scene.record(ann, approval()), await scene.record(ann, approval('another'))].map(({ id }) => id);
  [bundle, other] = (await Promise.all(ids.map((id) => scene.store.get(id)))) as [typeof bundle, typeof bundle];
});

const verify = (
  changed: { envelope?: Partial<SignedEnvelope>; entry?: Partial<LogEntry> },
  trust: Trust = scene.trust,
) =>
  verifyEvidence(
    { envelope: { ...bundle.envelope, ...changed.envelope }, entry: { ...bundle.entry, ...changed.entry } },
    createTrustView(trust, nodeCryptography),
    nodeCryptography,
  );

test('evidence says who signed what, in which role, where', async () => {
  expect(await verify({})).toMatchObject({
    statement: approval(),
    signerName: 'ann',
    role: 'approver',
    origin,
    index: 1,
    signer: { id: ann.signer.publicKey.id },
    checkpoint: { size: 2 },
  });
});

describe('evidence is refused for its', () => {
  test.each<[string, EvidenceErrorCode, () => { envelope?: Partial<SignedEnvelope>; entry?: Partial<LogEntry> }]>([
    ['payload type', 'HF_STATEMENT_FORMAT', () => ({ envelope: { payloadType: 'text/plain' } })],
    ['payload that is none', 'HF_STATEMENT_FORMAT', () => ({ envelope: { payload: new Uint8Array() } })],
    ['payload of another', 'HF_SIGNATURE_INVALID', () => ({ envelope: { payload: other.envelope.payload } })],
    ['signature of another', 'HF_SIGNATURE_INVALID', () => ({ envelope: { signature: other.envelope.signature } })],
    ['signature that is empty', 'HF_SIGNATURE_INVALID', () => ({ envelope: { signature: new Uint8Array() } })],
    ['key hint of another signer', 'HF_SIGNATURE_INVALID', () => ({ envelope: { keyId: bob.signer.publicKey.id } })],
    ['key hint of nobody', 'HF_SIGNER_UNKNOWN', () => ({ envelope: { keyId: eve.signer.publicKey.id } })],
    ['key hint that is a name', 'HF_SIGNER_UNKNOWN', () => ({ envelope: { keyId: '__proto__' } })],
    ['ledger that nobody knows', 'HF_LEDGER_UNTRUSTED', () => ({ entry: { logId: new Uint8Array(32) } })],
    ['log id cut short', 'HF_LEDGER_UNTRUSTED', () => ({ entry: { logId: bundle.entry.logId.subarray(0, 4) } })],
    ['entry of another', 'HF_LEAF_MISMATCH', () => ({ entry: other.entry })],
    ['kind', 'HF_LEAF_MISMATCH', () => ({ entry: { kind: 'hashedrekord/0.0.1' } })],
    ['leaf', 'HF_LEAF_MISMATCH', () => ({ entry: { body: flip(bundle.entry.body, 20, 0) } })],
    [
      'leaf with a space',
      'HF_LEAF_MISMATCH',
      () => ({ entry: { body: Buffer.concat([bundle.entry.body, Buffer.from(' ')]) } }),
    ],
    ['index', 'HF_INCLUSION_INVALID', () => ({ entry: { index: 0, claimedIndex: 0 } })],
    ['claimed index', 'HF_INCLUSION_INVALID', () => ({ entry: { claimedIndex: 0 } })],
    ['index beyond the tree', 'HF_INCLUSION_INVALID', () => ({ entry: { index: 7, claimedIndex: 7 } })],
    ['tree size', 'HF_INCLUSION_INVALID', () => ({ entry: { treeSize: 3 } })],
    ['root hash', 'HF_INCLUSION_INVALID', () => ({ entry: { rootHash: other.entry.rootHash } })],
    ['proof that is missing', 'HF_INCLUSION_INVALID', () => ({ entry: { hashes: [] } })],
    [
      'proof that is too long',
      'HF_INCLUSION_INVALID',
      () => ({ entry: { hashes: [...bundle.entry.hashes, new Uint8Array(32)] } }),
    ],
    ['proof of short hashes', 'HF_INCLUSION_INVALID', () => ({ entry: { hashes: [new Uint8Array(31)] } })],
    ['checkpoint of another size', 'HF_INCLUSION_INVALID', () => ({ entry: { checkpoint: other.entry.checkpoint } })],
    ['checkpoint that is none', 'HF_CHECKPOINT_INVALID', () => ({ entry: { checkpoint: 'x' } })],
  ])('%s: %s', async (_, code, change) => {
    await expectCode(() => verify(change()), code);
  });

  test('missing entry: HF_NOT_LOGGED', async () => {
    const trust = createTrustView(scene.trust, nodeCryptography);
    const unlogged = { envelope: bundle.envelope, entry: undefined };
    await expectCode(() => verifyEvidence(unlogged, trust, nodeCryptography), 'HF_NOT_LOGGED');
  });

  test('signer without the role, and for a predicate type that needs none that there is', async () => {
    const builder: Trust = {
      ...scene.trust,
      signers: scene.trust.signers.map((who) => ({ ...who, roles: ['builder'] })),
    };
    await expectCode(() => verify({}, builder), 'HF_SIGNER_ROLE');
    const all: Person = { ...ann, roles: [...roles] };
    const strange = await openScene([all]);
    const { envelope } = await signStatement(statementOf('https://example.com/x/v1', [artifact], {}), all.signer);
    const entry = { ...bundle.entry, logId: strange.ledger.logId };
    const trust = createTrustView(strange.trust, nodeCryptography);
    await expectCode(() => verifyEvidence({ envelope, entry }, trust, nodeCryptography), 'HF_SIGNER_ROLE');
  });
});

describe('the checkpoint counts only', () => {
  const trusting = (verifierKeys: string[], name = origin): Trust => ({
    ...scene.trust,
    ledgers: [{ origin: name, verifierKeys }],
  });
  const lines = () => {
    const [text, signatures] = bundle.entry.checkpoint.split('\n\n') as [string, string];
    return { text: `${text}\n`, signatures: signatures.trimEnd().split('\n') };
  };

  test('with both signatures, where the trust file names both keys', async () => {
    const { text, signatures } = lines();
    const withOnly = (line: string | undefined) => ({ entry: { checkpoint: formatNote(text, [line!]) } });
    const [classic, postQuantum] = signatures;
    await expectCode(() => verify(withOnly(classic)), 'HF_CHECKPOINT_INVALID');
    await expectCode(() => verify(withOnly(postQuantum)), 'HF_CHECKPOINT_INVALID');
    const [classicKey, postQuantumKey] = scene.trust.ledgers[0]!.verifierKeys as [string, string];
    expect(await verify(withOnly(classic), trusting([classicKey]))).toMatchObject({ index: 1 });
    expect(await verify({}, trusting([classicKey]))).toMatchObject({ index: 1 });
    await expectCode(() => verify({}, trusting([postQuantumKey])), 'HF_TRUST_FORMAT');
  });

  test('with the ledger’s own key', async () => {
    const stranger = ed25519Signer(origin, generateKeyPairSync('ed25519').privateKey);
    await expectCode(() => verify({}, trusting([stranger.verifierKey])), 'HF_LEDGER_UNTRUSTED');
    const forged = formatNote(lines().text, [
      `— ${origin} ${Buffer.concat([Buffer.from(stranger.key.keyId, 'hex'), await stranger.sign(lines().text)]).toString('base64')}`,
    ]);
    await expectCode(() => verify({ entry: { checkpoint: forged } }), 'HF_CHECKPOINT_INVALID');
    const [classic] = scene.trust.ledgers[0]!.verifierKeys as [string];
    const stranger2 = mlDsa44Cosigner(origin, generateKeyPairSync('ml-dsa-44').privateKey);
    await expectCode(() => verify({}, trusting([classic, stranger2.verifierKey])), 'HF_CHECKPOINT_INVALID');
  });

  test('with the ledger’s own name', async () => {
    const key = generateKeyPairSync('ed25519').privateKey;
    const [here, there] = [
      await openScene([ann], { logKey: key }),
      await openScene([ann], { logKey: key, origin: 'other.example' }),
    ];
    const { id } = await here.record(ann, approval());
    const { envelope, entry } = await here.store.get(id);
    const moved = { envelope, entry: { ...entry!, logId: there.ledger.logId } };
    const trust = createTrustView(there.trust, nodeCryptography);
    await expectCode(() => verifyEvidence(moved, trust, nodeCryptography), 'HF_CHECKPOINT_INVALID');
    expect(parseNote(entry!.checkpoint).text).toMatch(/^credit-risk\.example\n1\n/);
  });
});
