import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digestArtifact } from '../src/digest/artifact.ts';
import { pae } from '../src/dsse.ts';
import { EvidenceError } from '../src/errors.ts';
import { generatePrivateKey, keySigner, parsePublicKey, type Signer } from '../src/keys.ts';
import { createModelManifest, type ModelManifest, modelSigningStatement } from '../src/model-signing/manifest.ts';
import { modelSignature, signModel } from '../src/model-signing/sign.ts';
import { openModelSignature, verifyModel } from '../src/model-signing/verify.ts';
import { temporaryFolder } from './digest-peers.ts';

const vectors = fileURLToPath(new URL('../../../spec/vectors', import.meta.url));

interface Vector {
  readonly model: string;
  readonly description: string;
  readonly source: string;
  readonly subject?: string;
  readonly names?: readonly string[];
  readonly expect?: string;
}

function vectorsOf(kind: 'valid' | 'must-fail'): readonly { name: string; path: string; vector: Vector }[] {
  const folder = join(vectors, kind);
  const names = readdirSync(folder).filter((name) => name.startsWith('model-signing-'));
  return names.map((name) => {
    const path = join(folder, name);
    return { name, path, vector: JSON.parse(readFileSync(join(path, 'vector.json'), 'utf8')) as Vector };
  });
}

const keyOf = (path: string) => parsePublicKey(readFileSync(join(path, 'signer.pub'), 'utf8'));
const signer = keySigner(generatePrivateKey());

function model(files: Record<string, string> = { 'a/b': '1', 'a-b': '2', 'weights.bin': 'w' }): string {
  const root = join(temporaryFolder(), 'model');
  mkdirSync(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

describe('vectors recorded from model_signing', () => {
  test('are all there', () => {
    expect(vectorsOf('valid')).toHaveLength(4);
    expect(vectorsOf('must-fail')).toHaveLength(28);
  });

  test.each(vectorsOf('valid'))('$name verifies: $vector.description', async ({ path, vector }) => {
    const verified = await verifyModel(join(path, vector.model), join(path, 'model.sig'), keyOf(path));
    expect(verified.rootDigest).toBe(vector.subject);
    expect(verified.manifest.resources.map((resource) => resource.name)).toEqual(vector.names);
    expect(verified.manifest.name).toBe(vector.model);
  });

  test.each(vectorsOf('valid').filter(({ name }) => !name.endsWith('shards')))(
    '$name: our manifest and statement say what theirs say',
    async ({ path, vector }) => {
      const ignorePaths = vector.names?.includes('a.b') === false && vector.model === 'model' ? ['notes', 'a.b'] : [];
      const theirs = openModelSignature(readFileSync(join(path, 'model.sig'), 'utf8'), keyOf(path));
      const ours = await createModelManifest(join(path, vector.model), { ignorePaths });
      expect(ours.resources).toEqual(theirs.resources);
      expect(modelSigningStatement(ours).subject).toEqual([{ name: vector.model, digest: { sha256: vector.subject } }]);
    },
  );

  test.each(vectorsOf('must-fail'))('$name fails: $vector.description', async ({ path, vector }) => {
    const failed = verifyModel(join(path, vector.model), join(path, 'model.sig'), keyOf(path));
    await expect(failed).rejects.toMatchObject({ name: 'EvidenceError', code: vector.expect });
  });
});

describe('signModel', () => {
  test('writes a statement as the specification has it', async () => {
    const root = model();
    const { bundle, output } = await signModel(root, signer, { ignorePaths: ['logs'] });
    expect(output).toBe(join(root, 'model.sig'));
    expect(readFileSync(output, 'utf8')).toBe(bundle);
    const { mediaType, verificationMaterial, dsseEnvelope } = JSON.parse(bundle);
    expect(mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
    const hint = createHash('sha256').update(signer.publicKey.pem).digest('hex');
    expect(verificationMaterial.publicKey).toEqual({ hint });
    expect(verificationMaterial.tlogEntries ?? []).toEqual([]); // protobuf's JSON leaves out an empty list
    expect(dsseEnvelope.payloadType).toBe('application/vnd.in-toto+json');
    // SHA-256 of "1", "2" and "w", and of the three raw digests, by sha256sum and xxd.
    const digests = {
      'a/b': '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
      'a-b': 'd4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35',
      'weights.bin': '50e721e49c013f00c62cf59f2163542a9d8df02464efeb615d31051b0fddc326',
    };
    expect(JSON.parse(Buffer.from(dsseEnvelope.payload as string, 'base64').toString())).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [
        { name: 'model', digest: { sha256: '906d4eb2e167b636b5d866209bcd1952e85ad964db297f54829bea75f5e40734' } },
      ],
      predicateType: 'https://model_signing/signature/v1.0',
      predicate: {
        serialization: {
          method: 'files',
          hash_type: 'sha256',
          allow_symlinks: false,
          ignore_paths: ['.git', '.gitattributes', '.github', '.gitignore', 'model.sig', 'logs'],
        },
        resources: Object.entries(digests).map(([name, digest]) => ({ name, algorithm: 'sha256', digest })),
      },
    });
  });

  test.each(['p256', 'ed25519'] as const)('round trip with %s: the subject is that of digestArtifact', async (kind) => {
    const own = keySigner(generatePrivateKey(kind));
    const root = model();
    const { output } = await signModel(root, own);
    const verified = await verifyModel(root, output, own.publicKey);
    const artifact = await digestArtifact(root);
    expect(verified.digests).toEqual(artifact.digests);
    expect(verified.rootDigest).toBe(artifact.digests.sha256);
  });

  test('a single file: SHA-256 of its SHA-256 is the subject, its own SHA-256 the digest', async () => {
    const file = join(model({ 'm.onnx': 'abc' }), 'm.onnx');
    const { output } = await signModel(file, signer);
    expect(output).toBe(`${file}.sig`);
    const verified = await verifyModel(file, output, signer.publicKey);
    // NIST FIPS 180-2 B.1, and the double SHA-256 of "abc" that Bitcoin's documentation prints.
    expect(verified.digests).toEqual({ sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' });
    expect(verified.rootDigest).toBe('4f8b42c22dd3729b519ba6f68d2da7cc5b2d606d05daed5ad5128cc03e6c6358');
  });

  test('an output of another name inside the folder is left out and recorded', async () => {
    const root = model();
    const { output, manifest } = await signModel(root, signer, { output: join(root, 'signatures', 'mine.sig') });
    expect(manifest.serialization.ignore_paths).toContain('signatures/mine.sig');
    await verifyModel(root, output, signer.publicKey);
    writeFileSync(join(root, 'signatures', 'other.sig'), 'x');
    await expect(verifyModel(root, output, signer.publicKey)).rejects.toMatchObject({ code: 'HF_MODEL_EXTRA_FILE' });
  });

  test('signs over an earlier signature', async () => {
    const root = model();
    const first = await signModel(root, signer);
    const second = await signModel(root, signer);
    expect(second.manifest).toEqual(first.manifest);
    await verifyModel(root, second.output, signer.publicKey);
  });

  test('does not sign a folder without files', async () => {
    await expect(signModel(model({ 'model.sig': 'x' }), signer)).rejects.toMatchObject({ code: 'HF_DIGEST_NOT_FOUND' });
  });
});

describe('verifyModel', () => {
  test('refuses links unless the verifier allows them, whatever the signer did', async () => {
    const root = model();
    symlinkSync('a-b', join(root, 'link'));
    const { output, manifest } = await signModel(root, signer, { symlinks: 'follow' });
    expect(manifest.serialization.allow_symlinks).toBe(true);
    await expect(verifyModel(root, output, signer.publicKey)).rejects.toMatchObject({ code: 'HF_DIGEST_SYMLINK' });
    await verifyModel(root, output, signer.publicKey, { symlinks: 'follow' });
  });

  test('says which file differs', async () => {
    const root = model();
    const { output } = await signModel(root, signer);
    writeFileSync(join(root, 'a/b'), 'x');
    await expect(verifyModel(root, output, signer.publicKey)).rejects.toMatchObject({
      code: 'HF_MODEL_MISMATCH',
      where: 'a/b',
      exit: 1,
    });
  });

  test('tells a folder from a file', async () => {
    const root = model({ only: 'x' });
    const folder = await signModel(root, signer);
    const file = await signModel(join(root, 'only'), signer, { output: join(root, '../only.sig') });
    const expected = { code: 'HF_MODEL_MISMATCH' };
    await expect(verifyModel(join(root, 'only'), folder.output, signer.publicKey)).rejects.toMatchObject(expected);
    await expect(verifyModel(root, file.output, signer.publicKey)).rejects.toMatchObject(expected);
  });

  test('leaves out what the verifier says, too', async () => {
    const root = model();
    const { output } = await signModel(root, signer);
    writeFileSync(join(root, 'notes'), 'x');
    await expect(verifyModel(root, output, signer.publicKey)).rejects.toMatchObject({ code: 'HF_MODEL_EXTRA_FILE' });
    await verifyModel(root, output, signer.publicKey, { ignorePaths: ['notes'] });
  });

  test('a missing signature, one that is no file, and a model that does not exist', async () => {
    const root = model();
    const { output } = await signModel(root, signer);
    const key = signer.publicKey;
    await expect(verifyModel(root, join(root, 'no.sig'), key)).rejects.toMatchObject({ code: 'HF_DIGEST_NOT_FOUND' });
    await expect(verifyModel(root, root, key)).rejects.toMatchObject({ code: 'HF_MODEL_SIGNATURE_FORMAT' });
    await expect(verifyModel(root, join(output, 'x'), key)).rejects.toMatchObject({ code: 'HF_DIGEST_UNREADABLE' });
    await expect(verifyModel(join(root, 'no'), output, key)).rejects.toMatchObject({ code: 'HF_DIGEST_NOT_FOUND' });
  });

  test('a signature from before ignored paths were recorded: git paths are left out unless they were signed', async () => {
    const root = model({ a: '1', '.gitignore': 'x' });
    const resource = { name: 'a', algorithm: 'sha256', digest: createHash('sha256').update('1').digest('hex') };
    const git = { ...resource, name: '.gitignore', digest: createHash('sha256').update('x').digest('hex') };
    const serialization = { method: 'files', hash_type: 'sha256', allow_symlinks: false } as const;
    const output = join(root, '../m.sig');
    writeFileSync(output, await modelSignature({ name: 'm', serialization, resources: [resource] }, signer));
    await verifyModel(root, output, signer.publicKey);
    writeFileSync(output, await modelSignature({ name: 'm', serialization, resources: [git, resource] }, signer));
    await verifyModel(root, output, signer.publicKey);
    writeFileSync(join(root, '.gitignore'), 'y');
    await expect(verifyModel(root, output, signer.publicKey)).rejects.toMatchObject({ code: 'HF_MODEL_MISMATCH' });
  });

  test.each([['.'], ['..'], ['../model'], ['/']])('an ignored path %j leaves nothing out', async (path) => {
    const root = model({ a: '1' });
    const { manifest } = await signModel(root, signer);
    const serialization = { ...manifest.serialization, ignore_paths: [path, 'model.sig'] };
    writeFileSync(join(root, 'model.sig'), await modelSignature({ ...manifest, serialization }, signer));
    await verifyModel(root, join(root, 'model.sig'), signer.publicKey);
    writeFileSync(join(root, 'extra'), 'x');
    const failed = verifyModel(root, join(root, 'model.sig'), signer.publicKey);
    await expect(failed).rejects.toMatchObject({ code: 'HF_MODEL_EXTRA_FILE' });
  });

  test('any single change to a signed folder is found', async () => {
    const files = { 'a/b': '1', 'a-b': '2', 'a.b': '3', 'deep/er/w': '4', empty: '' };
    const root = model(files);
    const { output } = await signModel(root, signer, { output: join(root, '../m.sig') });
    const name = fc.constantFrom(...(Object.keys(files) as (keyof typeof files)[]));
    const change = fc.oneof(
      fc.record({ do: fc.constant('write'), name, text: fc.string({ maxLength: 3 }) }),
      fc.record({ do: fc.constant('remove'), name, text: fc.constant('') }),
      fc.record({ do: fc.constant('add'), name: fc.stringMatching(/^[a-z]{2,4}$/), text: fc.constant('') }),
    );
    await fc.assert(
      fc.asyncProperty(change, async ({ do: action, name: target, text }) => {
        const before = (files as Record<string, string>)[target];
        fc.pre(action !== 'write' || text !== before);
        fc.pre(action !== 'add' || (before === undefined && target !== 'deep'));
        const copy = join(temporaryFolder(), 'model');
        cpSync(root, copy, { recursive: true });
        if (action === 'remove') rmSync(join(copy, target));
        else writeFileSync(join(copy, target), text);
        const code = { write: 'HF_MODEL_MISMATCH', remove: 'HF_MODEL_MISSING_FILE', add: 'HF_MODEL_EXTRA_FILE' }[
          action
        ];
        await expect(verifyModel(copy, output, signer.publicKey)).rejects.toMatchObject({ code });
      }),
      { numRuns: 50 },
    );
  });
});

describe('hostile signatures', () => {
  const folder = join(vectors, 'valid', 'model-signing-folder');
  const bytes = readFileSync(join(folder, 'model.sig'));
  const key = keyOf(folder);

  function mustThrowOurs(open: () => unknown): void {
    try {
      open();
    } catch (error) {
      expect(error).toBeInstanceOf(EvidenceError);
    }
  }

  test('damaged bytes: our own error, or the very same manifest', () => {
    const whole = openModelSignature(bytes.toString(), key);
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        mustThrowOurs(() => {
          expect(openModelSignature(damaged.toString(), key)).toEqual(whole);
        });
      }),
      { numRuns: 500 },
    );
  });

  test('any JSON in place of the bundle', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(() => openModelSignature(json, key)).toThrow(EvidenceError);
      }),
    );
  });

  test('any JSON in any place of a signed statement', async () => {
    const statement = modelSigningStatement(openModelSignature(bytes.toString(), key)) as unknown;
    const place = fc.constantFrom(
      ['_type'],
      ['subject'],
      ['subject', 0],
      ['subject', 0, 'digest'],
      ['predicate'],
      ['predicate', 'serialization'],
      ['predicate', 'serialization', 'method'],
      ['predicate', 'serialization', 'hash_type'],
      ['predicate', 'serialization', 'shard_size'],
      ['predicate', 'serialization', 'ignore_paths'],
      ['predicate', 'serialization', 'allow_symlinks'],
      ['predicate', 'resources'],
      ['predicate', 'resources', 1],
      ['predicate', 'resources', 1, 'name'],
      ['predicate', 'resources', 1, 'digest'],
      ['predicateType'],
    );
    await fc.assert(
      fc.asyncProperty(place, fc.jsonValue(), async (path, value) => {
        const changed = structuredClone(statement);
        let inner = changed as Record<string | number, unknown>;
        for (const step of path.slice(0, -1)) inner = inner[step] as Record<string | number, unknown>;
        inner[path.at(-1)!] = value;
        const json = await bundleOf(Buffer.from(JSON.stringify(changed)), signer);
        mustThrowOurs(() => openModelSignature(json, signer.publicKey));
      }),
      { numRuns: 200 },
    );
  });

  async function bundleOf(payload: Buffer, by: Signer): Promise<string> {
    const envelope = JSON.parse(bytes.toString());
    const payloadType = 'application/vnd.in-toto+json';
    envelope.verificationMaterial.publicKey.hint = by.publicKey.id;
    envelope.dsseEnvelope.payload = payload.toString('base64');
    const signature = await by.sign(pae(payloadType, payload));
    envelope.dsseEnvelope.signatures[0].sig = Buffer.from(signature).toString('base64');
    return JSON.stringify(envelope);
  }

  test('parts that do not cover their file from its first byte to its last', async () => {
    const digest = createHash('sha256').update('x').digest('hex');
    const parts = (...names: string[]): ModelManifest => ({
      name: 'm',
      serialization: { method: 'shards', hash_type: 'sha256', shard_size: 4, allow_symlinks: false },
      resources: names.map((name) => ({ name, algorithm: 'sha256-sharded-4', digest })),
    });
    const root = model({ a: '12345' });
    const output = join(root, '../m.sig');
    for (const names of [
      ['a'],
      ['a:0'],
      ['a:0:0'],
      ['a:1:4'],
      ['a:0:5'],
      ['a:0:4', 'a:5:6'],
      ['a:0:3', 'a:3:5'],
      ['a:4:5', 'a:0:4'],
      ['a:-0:4'],
      ['a:0:4.0'],
      ['a:0:99999999999999999999'],
      [':0:4'],
      ['a\n:0:4'],
    ]) {
      writeFileSync(output, await modelSignature(parts(...names), signer));
      await expect(verifyModel(root, output, signer.publicKey), names.join()).rejects.toMatchObject({
        code: 'HF_MODEL_SIGNATURE_FORMAT',
      });
    }
  });
});
