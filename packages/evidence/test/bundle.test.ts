import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type EvidenceBundle, maximumBundleBytes, parseBundle, serialiseBundle } from '../src/bundle.ts';
import { EvidenceError } from '../src/errors.ts';
import { parseStoredBundle } from '../src/store.ts';
import { approval, expectCode, openScene, person } from './scene.ts';

// The parts of a Sigstore bundle v0.3 that the tests change.
interface BundleJson {
  mediaType: string;
  verificationMaterial: Record<string, unknown> & { tlogEntries: EntryJson[] };
  dsseEnvelope: { payload: string; payloadType: string; signatures: object[] };
}
interface EntryJson {
  logIndex: unknown;
  logId: unknown;
  kindVersion: unknown;
  inclusionProof: Record<string, unknown>;
}

const approver = person('ann', ['approver']);
let stored: EvidenceBundle;
let json: string;

beforeAll(async () => {
  const scene = await openScene([approver]);
  await scene.record(approver, approval('first'));
  const { id } = await scene.record(approver, approval('second'));
  stored = await scene.store.get(id);
  json = serialiseBundle(stored);
});

function changed(change: (bundle: BundleJson, entry: EntryJson) => void): string {
  const bundle = JSON.parse(json) as BundleJson;
  change(bundle, bundle.verificationMaterial.tlogEntries[0]!);
  return JSON.stringify(bundle);
}

const certificate = { rawBytes: 'AAAA' };

describe('bundle', () => {
  test('is a Sigstore bundle v0.3 on the wire', () => {
    expect(JSON.parse(json)).toMatchObject({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: {
        publicKey: { hint: approver.signer.publicKey.id },
        tlogEntries: [
          {
            logIndex: '1',
            kindVersion: { kind: 'hashedrekord', version: '0.0.2' },
            inclusionProof: { logIndex: '1', treeSize: '2' },
          },
        ],
      },
      dsseEnvelope: { payloadType: 'application/vnd.in-toto+json' },
    });
  });

  test.each<[string, (bundle: BundleJson, entry: EntryJson) => void]>([
    ['two signatures', ({ dsseEnvelope }) => dsseEnvelope.signatures.push(dsseEnvelope.signatures[0]!)],
    ['a hundred signatures', ({ dsseEnvelope }) => (dsseEnvelope.signatures = Array<object>(100).fill({}))],
    ['no signature', ({ dsseEnvelope }) => (dsseEnvelope.signatures = [])],
  ])('with %s is refused by name', async (_, change) => {
    await expectCode(() => parseBundle(changed(change)), 'HF_ENVELOPE_SIGNATURES');
  });

  test.each<[string, (bundle: BundleJson, entry: EntryJson) => unknown]>([
    ['media type v0.1', (bundle) => (bundle.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.1')],
    ['media type v0.2', (bundle) => (bundle.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.2')],
    [
      'media type v0.3 as it was',
      (bundle) => (bundle.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.3'),
    ],
    ['media type v0.4', (bundle) => (bundle.mediaType = 'application/vnd.dev.sigstore.bundle.v0.4+json')],
    ['a media type with a tail', (bundle) => (bundle.mediaType += ';x=y')],
    ['no media type', (bundle) => Reflect.deleteProperty(bundle, 'mediaType')],
    [
      'a certificate',
      ({ verificationMaterial }) => {
        delete verificationMaterial['publicKey'];
        verificationMaterial['certificate'] = certificate;
      },
    ],
    [
      'a certificate chain',
      ({ verificationMaterial }) => {
        delete verificationMaterial['publicKey'];
        verificationMaterial['x509CertificateChain'] = { certificates: [certificate] };
      },
    ],
    ['no key', ({ verificationMaterial }) => delete verificationMaterial['publicKey']],
    ['no verification material', (bundle) => Reflect.deleteProperty(bundle, 'verificationMaterial')],
    [
      'a message signature',
      (bundle) => {
        Reflect.deleteProperty(bundle, 'dsseEnvelope');
        Object.assign(bundle, { messageSignature: { messageDigest: { digest: 'AAAA' }, signature: 'AAAA' } });
      },
    ],
    ['no envelope', (bundle) => Reflect.deleteProperty(bundle, 'dsseEnvelope')],
    ['no payload', ({ dsseEnvelope }) => (dsseEnvelope.payload = '')],
    ['an empty signature', ({ dsseEnvelope }) => (dsseEnvelope.signatures = [{ sig: '' }])],
    ['a signature that is null', ({ dsseEnvelope }) => (dsseEnvelope.signatures = [null as unknown as object])],
    ['signatures that are no list', (bundle) => Object.assign(bundle.dsseEnvelope, { signatures: 'one' })],
    ['two ledger entries', ({ verificationMaterial }, entry) => verificationMaterial.tlogEntries.push(entry)],
    ['an entry without a proof', (_, entry) => Reflect.deleteProperty(entry, 'inclusionProof')],
    ['a proof without a checkpoint', (_, entry) => delete entry.inclusionProof['checkpoint']],
    ['an entry without a log id', (_, entry) => Reflect.deleteProperty(entry, 'logId')],
    ['an entry without a kind', (_, entry) => Reflect.deleteProperty(entry, 'kindVersion')],
    ['an index above 2^53', (_, entry) => (entry.inclusionProof['logIndex'] = '9007199254740993')],
    ['an index of 400 digits', (_, entry) => (entry.logIndex = '9'.repeat(400))],
    ['a negative index', (_, entry) => (entry.logIndex = '-1')],
    ['an index in hexadecimal', (_, entry) => (entry.logIndex = '0x1')],
    ['an index with a space', (_, entry) => (entry.logIndex = ' 1')],
    ['an index with a leading zero', (_, entry) => (entry.logIndex = '01')],
    ['an index with a fraction', (_, entry) => (entry.inclusionProof['treeSize'] = '2.0')],
    ['an empty index', (_, entry) => (entry.logIndex = '')],
    ['an index that is an object', (_, entry) => (entry.logIndex = {})],
  ])('with %s is refused', async (_, change) => {
    await expectCode(() => parseBundle(changed(change)), 'HF_ENVELOPE_FORMAT');
  });

  test.each([
    ['nothing', ''],
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['a number', '7'],
    ['a list', '[]'],
    ['an empty object', '{}'],
    ['two of them', '{}{}'],
    ['a hundred thousand brackets', '['.repeat(100_000)],
    ['a hundred thousand levels', `${'{"dsseEnvelope":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a prototype', '{"__proto__":{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json"}}'],
  ])('that is %s is refused', async (_, text) => {
    await expectCode(() => parseBundle(text), 'HF_ENVELOPE_FORMAT');
  });

  test('over 64 MiB is refused before it is looked at', async () => {
    await expectCode(() => parseBundle(' '.repeat(maximumBundleBytes + 1)), 'HF_ENVELOPE_FORMAT');
  });

  test('reads back what was written', () => {
    const bytes = (length = 80) => fc.uint8Array({ minLength: 1, maxLength: length });
    const index = fc.maxSafeNat();
    const entry = fc.record({
      logId: bytes(32),
      kind: fc.constant('hashedrekord/0.0.2'),
      body: bytes(),
      index,
      claimedIndex: index,
      treeSize: index,
      rootHash: bytes(32),
      hashes: fc.array(bytes(32), { maxLength: 5 }),
      checkpoint: fc.string({ minLength: 1, unit: 'grapheme' }),
    });
    const envelope = fc.record({
      payloadType: fc.string({ minLength: 1 }),
      payload: bytes(),
      signature: bytes(),
      keyId: fc.string({ minLength: 1 }),
    });
    const plain = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? [...part] : part)));
    const bufferless = ({ envelope: of, entry: logged }: EvidenceBundle) => ({
      envelope: { ...of, payload: [...of.payload], signature: [...of.signature] },
      entry:
        logged === undefined
          ? undefined
          : {
              ...logged,
              logId: [...logged.logId],
              body: [...logged.body],
              rootHash: [...logged.rootHash],
              hashes: logged.hashes.map((hash) => [...hash]),
            },
    });
    fc.assert(
      fc.property(envelope, fc.option(entry, { nil: undefined }), (of, logged) => {
        const bundle = { envelope: of, entry: logged };
        const read = parseStoredBundle(serialiseBundle(bundle), 'file');
        expect(plain(bufferless(read))).toEqual(plain(bufferless(bundle)));
      }),
    );
  });

  test('that was mangled is refused or read, and nothing else', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('null', '{}', '[]', '""', '0', '-1', '1e400', '\\u0000', '"__proto__":1,'),
    );
    const mutation = fc.tuple(fc.nat(json.length - 1), piece, fc.nat(6));
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 4 }), (mutations) => {
        let text = json;
        for (const [at, inserted, removed] of mutations) text = text.slice(0, at) + inserted + text.slice(at + removed);
        try {
          parseBundle(text);
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('whose values are of another type is refused or read, and nothing else', () => {
    const paths: string[][] = [];
    const walk = (value: unknown, path: string[]): void => {
      paths.push(path);
      if (typeof value !== 'object' || value === null) return;
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
    };
    walk(JSON.parse(json), []);
    for (const path of paths.slice(1)) {
      for (const value of [null, 0, -1, '', 'x', true, {}, [], [null], { length: 1 }, '9'.repeat(30)]) {
        const bundle = JSON.parse(json) as Record<string, unknown>;
        const holder = path.slice(0, -1).reduce((inner, key) => inner[key] as Record<string, unknown>, bundle);
        holder[path.at(-1)!] = value;
        try {
          parseBundle(JSON.stringify(bundle));
        } catch (error) {
          expect(error).toBeInstanceOf(EvidenceError);
        }
      }
    }
  });
});

describe('stored bundle', () => {
  test('is what was written', () => {
    expect(parseStoredBundle(json, 'file')).toEqual(stored);
  });

  test.each<[string, () => string]>([
    ['a space', () => json.replace(':', ': ')],
    ['a newline at the end', () => `${json}\n`],
    ['an unknown field', () => json.replace('{', '{"note":"",')],
    ['a field twice', () => json.replace('{', '{"mediaType":"x",')],
    ['another order', () => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json) as object).reverse()))],
    ['an escape that means the same', () => json.replace('"mediaType"', String.raw`"mediaTyp\u0065"`)],
    [
      'base64 with loose ends',
      () => json.replace(/([AQgw])==/, (_, last: string) => `${{ A: 'B', Q: 'R', g: 'h', w: 'x' }[last]!}==`),
    ],
    ['an integrated time', () => changed((_, entry) => Object.assign(entry, { integratedTime: '1' }))],
    ['an inclusion promise', () => changed((_, entry) => Object.assign(entry, { inclusionPromise: {} }))],
  ])('with %s is refused', async (_, text) => {
    expect(text()).not.toBe(json);
    await expectCode(() => parseStoredBundle(text(), 'file'), 'HF_ENVELOPE_FORMAT');
  });
});
