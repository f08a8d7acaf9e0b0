import { beforeAll, describe, expect, test } from 'vitest';
import { type EvidenceBundle, serialiseBundle } from '../src/bundle.ts';
import type { EvidenceErrorCode } from '../src/errors.ts';
import { secondOpinion } from '../src/second-opinion.ts';
import type { LogEntry } from '../src/verify/evidence.ts';
import { approval, errorOf, expectCode, flip, openScene, person, type Scene } from './scene.ts';

type Logged = EvidenceBundle & { readonly entry: LogEntry };

const people = { p256: person('ann', ['approver'], 'p256'), ed25519: person('bob', ['approver']) };
let scene: Scene;
const bundles = new Map<string, Logged>();

beforeAll(async () => {
  scene = await openScene(Object.values(people), { postQuantum: true });
  for (const reason of ['one', 'two', 'three']) await scene.record(people.p256, approval(reason));
  for (const [name, who] of Object.entries(people)) {
    const { id } = await scene.record(who, approval(name));
    bundles.set(name, (await scene.store.get(id)) as Logged);
  }
});

describe.each(['p256', 'ed25519'] as const)('@sigstore/verify 4.1.3, of a bundle signed with %s,', (algorithm) => {
  const bundle = () => bundles.get(algorithm)!;

  test('says that it is authentic', () => {
    expect(() => {
      secondOpinion(serialiseBundle(bundle()), scene.trust);
    }).not.toThrow();
  });

  test.each<[string, EvidenceErrorCode, (bundle: Logged) => EvidenceBundle]>([
    [
      'payload',
      'HF_LEAF_MISMATCH',
      ({ envelope, entry }) => ({ envelope: { ...envelope, payload: flip(envelope.payload, 9, 0) }, entry }),
    ],
    [
      'signature',
      'HF_LEAF_MISMATCH',
      ({ envelope, entry }) => ({ envelope: { ...envelope, signature: flip(envelope.signature, 9, 0) }, entry }),
    ],
    [
      'payload type',
      'HF_LEAF_MISMATCH',
      ({ envelope, entry }) => ({ envelope: { ...envelope, payloadType: 'text/plain' }, entry }),
    ],
    [
      'checkpoint',
      'HF_CHECKPOINT_INVALID',
      ({ envelope, entry }) => ({ envelope, entry: { ...entry, checkpoint: entry.checkpoint.replace('\n', '\n1') } }),
    ],
    [
      'checkpoint’s signature',
      'HF_CHECKPOINT_INVALID',
      ({ envelope, entry }) => {
        const at = entry.checkpoint.indexOf('—') + '— '.length + scene.ledger.origin.length + 20;
        const other = entry.checkpoint[at] === 'A' ? 'B' : 'A';
        return {
          envelope,
          entry: { ...entry, checkpoint: entry.checkpoint.slice(0, at) + other + entry.checkpoint.slice(at + 1) },
        };
      },
    ],
    [
      'proof',
      'HF_INCLUSION_INVALID',
      ({ envelope, entry }) => ({
        envelope,
        entry: { ...entry, hashes: entry.hashes.map((hash) => flip(hash, 1, 1)) },
      }),
    ],
    [
      'place',
      'HF_INCLUSION_INVALID',
      ({ envelope, entry }) => ({ envelope, entry: { ...entry, index: entry.index - 1 } }),
    ],
    [
      'log id',
      'HF_CHECKPOINT_INVALID',
      ({ envelope, entry }) => ({ envelope, entry: { ...entry, logId: flip(entry.logId, 31, 0) } }),
    ],
    [
      'leaf',
      'HF_INCLUSION_INVALID',
      ({ envelope, entry }) => ({
        envelope,
        entry: { ...entry, body: Buffer.from(`${Buffer.from(entry.body).toString()} `) },
      }),
    ],
    ['log entry, which is missing', 'HF_NOT_LOGGED', ({ envelope }) => ({ envelope, entry: undefined })],
    [
      'signer, who is a stranger',
      'HF_SIGNER_UNKNOWN',
      ({ envelope, entry }) => ({ envelope: { ...envelope, keyId: 'ab'.repeat(32) }, entry }),
    ],
  ])('refuses another %s', async (_, code, change) => {
    const changed = serialiseBundle(change(bundle()));
    const error = await errorOf(() => {
      secondOpinion(changed, scene.trust);
    });
    expect({ code: error.code, message: error.message }).toEqual({ code, message: error.message });
  });

  test('refuses the signature of another key over the same leaf', async () => {
    const [one, two] = scene.trust.signers;
    const swapped = algorithm === 'p256' ? two! : one!;
    const { envelope, entry } = bundle();
    const hint = algorithm === 'p256' ? people.ed25519 : people.p256;
    const changed = serialiseBundle({ envelope: { ...envelope, keyId: hint.signer.publicKey.id }, entry });
    await expectCode(() => {
      secondOpinion(changed, { ...scene.trust, signers: [swapped] });
    }, 'HF_SIGNATURE_INVALID');
  });
});

test('what is no bundle, and a trust file that cannot be used, are refused by name', async () => {
  const json = serialiseBundle(bundles.get('p256')!);
  const [ledger] = scene.trust.ledgers;
  await expectCode(() => {
    secondOpinion('{}', scene.trust);
  }, 'HF_ENVELOPE_FORMAT');
  await expectCode(() => {
    secondOpinion(json, { ledgers: [], signers: scene.trust.signers });
  }, 'HF_CHECKPOINT_INVALID');
  await expectCode(() => {
    secondOpinion(json, { ...scene.trust, ledgers: [{ ...ledger!, origin: 'a.example' }] });
  }, 'HF_TRUST_FORMAT');
  await expectCode(() => {
    secondOpinion(json, { ...scene.trust, ledgers: [{ ...ledger!, verifierKeys: ['x'] }] });
  }, 'HF_TRUST_FORMAT');
  await expectCode(() => {
    secondOpinion(json, { ...scene.trust, signers: [{ publicKey: 'x' }] });
  }, 'HF_KEY_FORMAT');
});
