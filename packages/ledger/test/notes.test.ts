import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ed25519Signer, type LedgerErrorCode, logId, mlDsa44Cosigner, nodeCryptography } from '../src/index.ts';
import { signNote } from '../src/note-signer.ts';
import { base64 as encode, fromBase64, fromDecimal, fromUtf8, hex } from '../src/verify/encoding.ts';
import {
  formatCheckpointBody,
  formatNote,
  formatProofFile,
  formatVerifierKey,
  mlDsa44CosignedMessage,
  parseCheckpointBody,
  parseCosignature,
  parseNote,
  parseProofFile,
  parseVerifierKey,
  signatureTypes,
  verifyCheckpoint,
  verifyNote,
  verifyProofFile,
} from '../src/verify/index.ts';
import { base64, bytes, expectCode, leaf, logKey, logSigner, mth, numbered, origin, path, vector } from './scene.ts';

interface Failing {
  readonly why: string;
  readonly input: string;
  readonly code: LedgerErrorCode;
}
interface FailingCheckpoint extends Failing {
  readonly origin: string;
  readonly verifierKeys: readonly string[];
  readonly requireAll: boolean;
}
type FailingLists = Record<'notes' | 'checkpointBodies' | 'verifierKeys' | 'proofFiles', Failing[]>;
interface GoNotes {
  readonly seed: string;
  readonly verifierKey: string;
  readonly notes: readonly { text: string; signed: string }[];
}
interface Cosigned {
  readonly origin: string;
  readonly verifierKeys: readonly string[];
  readonly checkpoints: readonly { size: number; root: string; signed: string }[];
}
const mustFail = vector('must-fail/ledger.json') as FailingLists & { checkpoints: FailingCheckpoint[] };
const go = vector('valid/ledger-notes.json') as GoNotes;
const cosigned = vector('valid/ledger-cosignatures.json') as Cosigned;

/** PKCS #8 around an Ed25519 seed (RFC 8410, section 7). */
function keyOfSeed(seed: string) {
  const der = Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex');
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

describe('encodings', () => {
  test('Base64 is that of Node', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        expect(encode(data)).toBe(base64(data));
        expect(fromBase64(encode(data))).toEqual(data);
        expect(hex(data)).toBe(Buffer.from(data).toString('hex'));
      }),
    );
  });

  test('Base64 has one spelling of every value', () => {
    const characters = fc.constantFrom(...Array.from('AB/+=-_ \n9zQ'));
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 12 }), (list) => {
        const text = list.join('');
        const data = fromBase64(text);
        if (data !== undefined) expect(encode(data)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('decimals are exact', () => {
    expect(fromDecimal('0')).toBe(0);
    expect(fromDecimal('9007199254740991')).toBe(2 ** 53 - 1);
    for (const text of ['', '00', '-0', '9007199254740992', '1 ', '1_0', '٣'])
      expect(fromDecimal(text)).toBeUndefined();
  });

  test('bytes that are not UTF-8 are no text', () => {
    expect(fromUtf8(Uint8Array.of(0xc3, 0x28))).toBeUndefined();
    expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61))).toBe('\ufeffa');
  });
});

describe('verifier keys', () => {
  test('of the signed-note specification and of golang.org/x/mod are read, and written again', () => {
    const specified = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
    for (const text of [specified, go.verifierKey, ...cosigned.verifierKeys]) {
      expect(formatVerifierKey(parseVerifierKey(text, nodeCryptography))).toBe(text);
    }
  });

  test.each(mustFail.verifierKeys)('with $why are refused', async ({ input, code }) => {
    await expectCode(() => parseVerifierKey(input, nodeCryptography), code);
  });

  test('that are very long are refused', async () => {
    await expectCode(() => parseVerifierKey('a'.repeat(5000), nodeCryptography), 'HF_LEDGER_KEY_FORMAT');
  });

  test('are those of the signer of golang.org/x/mod for its seed', () => {
    expect(ed25519Signer('vectors.example', keyOfSeed(go.seed)).verifierKey).toBe(go.verifierKey);
  });

  test('begin with the log id', () => {
    const key = parseVerifierKey(go.verifierKey, nodeCryptography);
    const id = logId(key.name, key.publicKey);
    expect(id).toHaveLength(32);
    expect(hex(id).slice(0, 8)).toBe(go.verifierKey.split('+')[1]);
  });
});

describe('signed notes', () => {
  test('the example of the specification verifies', async () => {
    const signature = 'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=';
    const note = parseNote(`This is an example message.\n\n— example.com/foo ${signature}\n`);
    const key = parseVerifierKey(
      'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
      nodeCryptography,
    );
    expect(note.text).toBe('This is an example message.\n');
    expect((await verifyNote(note, [key], nodeCryptography)).map((signed) => signed.key)).toEqual([key]);
  });

  test('of golang.org/x/mod verify, and are signed alike', async () => {
    const signer = ed25519Signer('vectors.example', keyOfSeed(go.seed));
    for (const { text, signed } of go.notes) {
      const note = parseNote(bytes(signed));
      expect(note.text).toBe(text);
      expect(await verifyNote(note, [signer.key], nodeCryptography)).toEqual([{ key: signer.key }]);
      // Ed25519 is deterministic (RFC 8032, section 5.1.6).
      expect(await signNote(text, [signer])).toBe(signed);
    }
  });

  test.each(mustFail.notes)('with $why are refused', async ({ input, code }) => {
    await expectCode(() => parseNote(input), code);
    await expectCode(() => parseNote(bytes(input)), code);
  });

  test('that are not UTF-8, or too long, are refused', async () => {
    await expectCode(() => parseNote(Uint8Array.of(0xc3, 0x28, 10, 10)), 'HF_LEDGER_NOTE_FORMAT');
    await expectCode(() => parseNote('\ud800\n\n'), 'HF_LEDGER_NOTE_FORMAT');
    await expectCode(() => parseNote('a'.repeat(600_000)), 'HF_LEDGER_NOTE_FORMAT');
  });

  test('signatures of unknown keys are ignored, even when they share a name or an id', async () => {
    const { text, signed } = go.notes[0]!;
    const [line = ''] = signed.split('\n').filter((candidate) => candidate.startsWith('— '));
    const otherName = line.replace('vectors.example', 'other.example');
    const signer = ed25519Signer('vectors.example', generateKeyPairSync('ed25519').privateKey);
    const key = parseVerifierKey(go.verifierKey, nodeCryptography);
    const foreign = (await signNote(text, [signer])).split('\n').at(-2)!;
    const note = parseNote(formatNote(text, [otherName, foreign, line]));
    expect(await verifyNote(note, [key], nodeCryptography)).toEqual([{ key }]);
    const without = parseNote(formatNote(text, [otherName, foreign]));
    await expectCode(() => verifyNote(without, [key], nodeCryptography), 'HF_LEDGER_SIGNATURE_MISSING');
  });

  test('a cosigner does not sign what is no checkpoint', async () => {
    const key = parseVerifierKey(cosigned.verifierKeys[1]!, nodeCryptography);
    const note = parseNote(cosigned.checkpoints[0]!.signed);
    await expectCode(() => verifyNote(note, [key], nodeCryptography), 'HF_LEDGER_KEY_FORMAT');
  });

  test('are read back as they were written', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/\p{Cc}/u.test(text));
    const signature = fc.record({
      name: fc.stringMatching(/^[^\p{White_Space}+\p{Cc}]{1,20}$/u).filter((name) => name.isWellFormed()),
      data: fc.uint8Array({ minLength: 5, maxLength: 80 }),
    });
    const note = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 5 }),
      signatures: fc.array(signature, { minLength: 1, maxLength: 16 }),
    });
    fc.assert(
      fc.property(note, ({ lines, signatures }) => {
        const text = `${lines.join('\n')}\n`;
        const signed = signatures.map(({ name, data }) => `— ${name} ${base64(data)}`);
        const parsed = parseNote(formatNote(text, signed));
        expect(parsed.text).toBe(text);
        expect(parsed.signatures.map(({ name }) => name)).toEqual(signatures.map(({ name }) => name));
      }),
    );
  });
});

describe('checkpoints', () => {
  test('of transparency-dev/formats verify with their Ed25519 and ML-DSA-44 cosignatures', async () => {
    for (const { size, root, signed } of cosigned.checkpoints) {
      const checkpoint = await verifyCheckpoint(signed, { ...cosigned, requireAll: true }, nodeCryptography);
      expect({ size: checkpoint.size, root: base64(checkpoint.rootHash) }).toEqual({ size, root });
      expect(checkpoint.signatures.map(({ key }) => key.type)).toEqual([1, 4, 6]);
      const [log, ...witnesses] = checkpoint.signatures.map(({ timestamp }) => timestamp);
      expect(log).toBeUndefined();
      // The vectors were recorded in November 2026.
      for (const timestamp of witnesses) expect(new Date((timestamp ?? 0) * 1000).getUTCFullYear()).toBe(2026);
    }
  });

  test.each(mustFail.checkpoints)('$why: refused', async ({ input, code, ...trust }) => {
    await expectCode(() => verifyCheckpoint(input, trust, nodeCryptography), code);
    await expectCode(() => verifyCheckpoint(bytes(input), trust, nodeCryptography), code);
  });

  test.each(mustFail.checkpointBodies)('with $why are refused', async ({ input, code }) => {
    await expectCode(() => parseCheckpointBody(input), code);
  });

  test('that could not be read back are not written', async () => {
    const rootHash = mth([]);
    const code = 'HF_LEDGER_CHECKPOINT_FORMAT';
    await expectCode(() => formatCheckpointBody({ origin: 'two\nlines', size: 0, rootHash }), code);
    await expectCode(() => formatCheckpointBody({ origin: '', size: 0, rootHash }), code);
    await expectCode(() => formatCheckpointBody({ origin: 'o', size: -1, rootHash }), code);
    await expectCode(() => formatCheckpointBody({ origin: 'o', size: 1.5, rootHash }), code);
    await expectCode(() => formatCheckpointBody({ origin: 'o', size: 0, rootHash: rootHash.subarray(1) }), code);
  });

  test('are read back as they were written', () => {
    const line = fc.stringMatching(/^[^\n]{1,30}$/u);
    const body = fc.record({
      origin: line,
      size: fc.maxSafeNat(),
      rootHash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line, { minLength: 1, maxLength: 16 }),
    });
    fc.assert(
      fc.property(body, (checkpoint) => {
        expect(parseCheckpointBody(formatCheckpointBody(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  test('a key that is trusted twice counts once', async () => {
    const [key = '', ...others] = cosigned.verifierKeys;
    const trust = { origin: cosigned.origin, verifierKeys: [key, key, ...others], requireAll: true };
    const { signatures } = await verifyCheckpoint(cosigned.checkpoints[1]!.signed, trust, nodeCryptography);
    expect(signatures).toHaveLength(3);
  });
});

describe('cosignatures', () => {
  const { privateKey } = generateKeyPairSync('ml-dsa-44');
  const body = { origin: 'vectors.example', size: 7, rootHash: mth(numbered(0, 7)) };

  test('with ML-DSA-44 are over the binary message', async () => {
    const signer = mlDsa44Cosigner('w.example', privateKey, { now: () => 1_800_000_000.9 });
    const { timestamp } = parseCosignature(
      await signer.sign(formatCheckpointBody(body)),
      signatureTypes.mlDsa44Cosignature,
    );
    expect(timestamp).toBe(1_800_000_000);
    // The layout of C2SP tlog-cosignature, "ML-DSA-44 signed message", by hand.
    const layout = Buffer.concat([
      Buffer.from('737562747265652f76310a00', 'hex'),
      Buffer.from('09772e6578616d706c65', 'hex'),
      Buffer.from('000000006b49d200', 'hex'),
      Buffer.from('0f766563746f72732e6578616d706c65', 'hex'),
      Buffer.from('00000000000000000000000000000007', 'hex'),
      body.rootHash,
    ]);
    const tree = { cosignerName: 'w.example', timestamp, origin: body.origin, start: 0, end: 7, hash: body.rootHash };
    expect(Buffer.from(mlDsa44CosignedMessage(tree)).toString('hex')).toBe(layout.toString('hex'));
  });

  test('do not go back in time', async () => {
    const signer = mlDsa44Cosigner('w.example', privateKey, { now: () => 1_800_000_000 });
    const text = formatCheckpointBody(body);
    const timeOf = async (notBefore: number): Promise<number> =>
      parseCosignature(await signer.sign(text, notBefore), signatureTypes.mlDsa44Cosignature).timestamp;
    expect(await timeOf(1_700_000_000)).toBe(1_800_000_000);
    expect(await timeOf(1_800_000_300)).toBe(1_800_000_300);
    await expectCode(() => timeOf(1_800_000_301), 'HF_LEDGER_CLOCK');
  });

  test('name their cosigner in 1 to 255 bytes', async () => {
    const tree = { cosignerName: 'é'.repeat(128), timestamp: 0, origin: 'o', start: 0, end: 0, hash: body.rootHash };
    await expectCode(() => mlDsa44CosignedMessage(tree), 'HF_LEDGER_COSIGNATURE_FORMAT');
  });

  test('have a type that has a timestamp', async () => {
    await expectCode(
      () => parseCosignature(new Uint8Array(64), signatureTypes.ed25519),
      'HF_LEDGER_COSIGNATURE_FORMAT',
    );
  });
});

describe('signers', () => {
  test('need a name and a key that fit', async () => {
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { publicKey } = generateKeyPairSync('ed25519');
    const code = 'HF_LEDGER_SIGNER';
    await expectCode(() => ed25519Signer('a b', logKey), code);
    await expectCode(() => ed25519Signer('a+b', logKey), code);
    await expectCode(() => ed25519Signer('', logKey), code);
    await expectCode(() => ed25519Signer('a', p256.privateKey), code);
    await expectCode(() => ed25519Signer('a', publicKey), code);
    await expectCode(() => mlDsa44Cosigner('a', logKey), code);
  });
});

describe('the cryptography of Node', () => {
  test('verifies ECDSA P-256 with SHA-256 over SPKI keys, and nothing else under that name', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    const signature = sign('sha256', bytes('message'), privateKey);
    const verify = (key: Uint8Array, message: string) =>
      nodeCryptography.verify('ecdsa-p256-sha256', key, bytes(message), signature);
    expect(await verify(spki, 'message')).toBe(true);
    expect(await verify(spki, 'another')).toBe(false);
    expect(await verify(spki.subarray(1), 'message')).toBe(false);
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const other = p384.publicKey.export({ format: 'der', type: 'spki' });
    const otherSignature = sign('sha256', bytes('message'), p384.privateKey);
    expect(await nodeCryptography.verify('ecdsa-p256-sha256', other, bytes('message'), otherSignature)).toBe(false);
  });

  test('answers malformed keys and signatures with no', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 80 }), (key, signature) => {
        for (const algorithm of ['ed25519', 'ml-dsa-44', 'ecdsa-p256-sha256'] as const) {
          expect(nodeCryptography.verify(algorithm, key, bytes('message'), signature)).toBe(false);
        }
      }),
    );
  });

  test('forgets old keys, and imports them again', async () => {
    const pairs = Array.from({ length: 70 }, () => generateKeyPairSync('ed25519').privateKey);
    for (const key of [...pairs, ...pairs]) {
      const signer = ed25519Signer('a', key);
      const signature = await signer.sign('text\n');
      expect(nodeCryptography.verify('ed25519', signer.key.publicKey, bytes('text\n'), signature)).toBe(true);
    }
  });
});

describe('proof files', () => {
  const entries = numbered(0, 9);
  const checkpointOf = (size: number): Promise<string> =>
    signNote(formatCheckpointBody({ origin, size, rootHash: mth(entries.slice(0, size)) }), [logSigner]);
  const trust = { origin, verifierKeys: [logSigner.verifierKey] };

  test('prove each entry', async () => {
    for (const [index, entry] of entries.entries()) {
      const extra = index % 2 === 0 ? { extra: bytes('') } : { extra: bytes('more') };
      const file = { index, proof: path(index, entries), checkpoint: await checkpointOf(9), ...extra };
      const text = formatProofFile(file);
      expect(parseProofFile(text)).toEqual({ ...file, proof: file.proof.map((hash) => new Uint8Array(hash)) });
      const verified = await verifyProofFile(bytes(text), { ...trust, leafHash: leaf(entry) }, nodeCryptography);
      expect(verified.size).toBe(9);
      const wrong = { ...trust, leafHash: leaf(bytes('another entry')) };
      await expectCode(() => verifyProofFile(file, wrong, nodeCryptography), 'HF_LEDGER_INCLUSION_INVALID');
    }
  });

  test('for a single entry have no hashes', async () => {
    const text = formatProofFile({ index: 0, proof: [], checkpoint: await checkpointOf(1) });
    expect(text).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 0\n\ncredit-risk\.example\n1\n/);
    await verifyProofFile(text, { ...trust, leafHash: leaf(entries[0]!) }, nodeCryptography);
  });

  test('of another log are refused', async () => {
    const text = formatProofFile({ index: 0, proof: [], checkpoint: await checkpointOf(1) });
    const expected = { ...trust, origin: 'other.example', leafHash: leaf(entries[0]!) };
    await expectCode(() => verifyProofFile(text, expected, nodeCryptography), 'HF_LEDGER_ORIGIN_MISMATCH');
  });

  test.each(mustFail.proofFiles)('with $why are refused', async ({ input, code }) => {
    await expectCode(() => parseProofFile(input), code);
    await expectCode(() => parseProofFile(bytes(input)), code);
  });

  test('that are not UTF-8, or too long, are refused', async () => {
    await expectCode(() => parseProofFile(Uint8Array.of(0xff)), 'HF_LEDGER_PROOF_FORMAT');
    await expectCode(() => parseProofFile('a'.repeat(1_100_000)), 'HF_LEDGER_PROOF_FORMAT');
  });
});
