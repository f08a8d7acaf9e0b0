import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeCryptography } from '@holdfast/ledger';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createKeyFile, listKeyFiles, openKeyFile } from '../src/key-files.ts';
import { encodePrivateKey, generatePrivateKey, keySigner, parsePrivateKey, parsePublicKey } from '../src/keys.ts';
import { readPublicKey } from '../src/verify/public-key.ts';
import { hasCommand, needs, temporaryFolder } from './digest-peers.ts';
import { errorOf, expectCode } from './scene.ts';

const algorithms = ['p256', 'ed25519'] as const;
const openssl = (...parameters: string[]): string => execFileSync('openssl', parameters, { encoding: 'utf8' });
const makeKey = {
  p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  ed25519: ['-algorithm', 'ed25519'],
};
const noPassphrase = () => Promise.resolve(undefined);

describe.each(algorithms)('a %s key of openssl', (algorithm) => {
  const names = { p256: 'ecdsa-p256-sha256', ed25519: 'ed25519' };

  test('is read; its id is the sha256sum of its PEM', (context) => {
    if (!hasCommand('openssl') || !hasCommand('sha256sum')) needs(context, 'openssl and sha256sum');
    const folder = temporaryFolder();
    const [secret, file] = [join(folder, 'key.pem'), join(folder, 'key.pub')];
    openssl('genpkey', ...makeKey[algorithm], '-out', secret);
    openssl('pkey', '-in', secret, '-pubout', '-out', file);
    const pem = readFileSync(file, 'utf8');
    const id = execFileSync('sha256sum', [file], { encoding: 'utf8' }).slice(0, 64);
    const der = execFileSync('openssl', ['pkey', '-pubin', '-in', file, '-pubout', '-outform', 'DER']);
    const expected = { id, algorithm: names[algorithm], pem };
    expect(readPublicKey(pem, nodeCryptography)).toMatchObject(expected);
    expect(parsePublicKey(pem)).toMatchObject(expected);
    expect(Buffer.from(readPublicKey(pem, nodeCryptography).spki).equals(der)).toBe(true);
    expect(keySigner(parsePrivateKey(readFileSync(secret, 'utf8'))).publicKey.id).toBe(id);
  });

  test('opens with the passphrase that openssl encrypted it with', (context) => {
    if (!hasCommand('openssl')) needs(context, 'openssl');
    const folder = temporaryFolder();
    const [secret, encrypted] = [join(folder, 'key.pem'), join(folder, 'encrypted.pem')];
    openssl('genpkey', ...makeKey[algorithm], '-out', secret);
    openssl('pkcs8', '-topk8', '-in', secret, '-v2', 'aes-256-cbc', '-passout', 'pass:tide', '-out', encrypted);
    const pem = readFileSync(encrypted, 'utf8');
    const { id } = keySigner(parsePrivateKey(readFileSync(secret, 'utf8'))).publicKey;
    expect(keySigner(parsePrivateKey(pem, 'tide')).publicKey.id).toBe(id);
  });

  test('of ours is opened by openssl, and its signature verified', async (context) => {
    if (!hasCommand('openssl')) needs(context, 'openssl');
    const folder = temporaryFolder();
    const key = generatePrivateKey(algorithm);
    const signer = keySigner(key);
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('key.pem'), encodePrivateKey(key, 'tide'));
    writeFileSync(path('key.pub'), signer.publicKey.pem);
    writeFileSync(path('message'), 'bytes');
    writeFileSync(path('signature'), await signer.sign(Buffer.from('bytes')));
    expect(readFileSync(path('key.pem'), 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect(openssl('pkey', '-in', path('key.pem'), '-passin', 'pass:tide', '-pubout')).toBe(signer.publicKey.pem);
    const verify = (message: string) =>
      algorithm === 'p256'
        ? spawnSync('openssl', [
            'dgst',
            '-sha256',
            '-verify',
            path('key.pub'),
            '-signature',
            path('signature'),
            message,
          ])
        : spawnSync('openssl', [
            ...['pkeyutl', '-verify', '-pubin', '-inkey', path('key.pub'), '-rawin'],
            ...['-in', message, '-sigfile', path('signature')],
          ]);
    expect(verify(path('message')).status).toBe(0);
    expect(verify(path('key.pub')).status).not.toBe(0);
  });
});

describe('a public key', () => {
  const { pem } = keySigner(generatePrivateKey()).publicKey;
  const lines = pem.split('\n');
  const otherKeys: [string, string][] = [
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'secp384r1' })],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 1024 })],
    ['X25519', generateKeyPairSync('x25519')],
    ['ML-DSA-44', generateKeyPairSync('ml-dsa-44')],
  ].map(([name, pair]) => {
    const { publicKey } = pair as { publicKey: { export(options: object): string } };
    return [name as string, publicKey.export({ type: 'spki', format: 'pem' })];
  });

  test.each([
    ['nothing', ''],
    ['no PEM', 'hello'],
    ['CRLF', pem.replaceAll('\n', '\r\n')],
    ['no final newline', pem.trimEnd()],
    ['text before', `# mine\n${pem}`],
    ['text behind', `${pem}x`],
    ['two keys', pem + pem],
    ['other line breaks', [lines[0], `${lines[1]}${lines[2]}`, ...lines.slice(3)].join('\n')],
    ['another label', pem.replaceAll('PUBLIC', 'PRIVATE')],
    ['cut short', [lines[0], lines[1], ...lines.slice(3)].join('\n')],
    ['too long', `${lines[0]!}\n${'AAAA'.repeat(200)}\n${lines.at(-2)!}\n`],
    ...otherKeys,
  ])('is refused by the verifier: %s', async (_, text) => {
    await expectCode(() => readPublicKey(text, nodeCryptography), 'HF_KEY_FORMAT');
  });

  test.each([['nothing', ''], ['9 KB', 'x'.repeat(9000)], ...otherKeys])('is refused: %s', async (_, text) => {
    await expectCode(() => parsePublicKey(text), 'HF_KEY_FORMAT');
  });

  test('that was changed is another key or none', () => {
    fc.assert(
      fc.property(fc.nat(pem.length - 1), fc.string({ unit: 'binary', maxLength: 2 }), (at, inserted) => {
        const changed = pem.slice(0, at) + inserted + pem.slice(at + 1);
        let read: string | undefined;
        try {
          read = readPublicKey(changed, nodeCryptography).pem;
        } catch (error) {
          expect(error).toMatchObject({ code: 'HF_KEY_FORMAT' });
        }
        expect(read === undefined || read === changed).toBe(true);
      }),
    );
  });
});

describe('a private key', () => {
  const key = generatePrivateKey();

  test.each([
    ['no passphrase', encodePrivateKey(key, 'tide'), undefined, 'HF_KEY_PASSPHRASE'],
    ['a wrong passphrase', encodePrivateKey(key, 'tide'), 'ebb', 'HF_KEY_PASSPHRASE'],
    ['an empty passphrase', encodePrivateKey(key, 'tide'), '', 'HF_KEY_PASSPHRASE'],
    ['no key', 'hello', undefined, 'HF_KEY_FORMAT'],
    ['a public key', keySigner(key).publicKey.pem, undefined, 'HF_KEY_FORMAT'],
    [
      'an RSA key',
      generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
      undefined,
      'HF_KEY_FORMAT',
    ],
  ] as const)('does not open: %s', async (_, pem, passphrase, code) => {
    await expectCode(() => parsePrivateKey(String(pem), passphrase), code);
  });

  test('that is not encrypted needs no passphrase and ignores one', () => {
    const pem = encodePrivateKey(key);
    expect(keySigner(parsePrivateKey(pem)).publicKey.id).toBe(keySigner(parsePrivateKey(pem, 'x')).publicKey.id);
  });
});

describe('key files', () => {
  test('are for their owner only, in a folder for their owner only', async () => {
    const folder = join(temporaryFolder(), 'keys');
    mkdirSync(folder, { mode: 0o755 });
    const made = await createKeyFile(folder, 'alice');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'alice.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'alice.pub'), 'utf8')).toBe(made.publicKey.pem);
    expect(made.publicKey.algorithm).toBe('ecdsa-p256-sha256');
    expect((await openKeyFile(folder, 'alice', noPassphrase)).publicKey.id).toBe(made.publicKey.id);
  });

  test('that are encrypted open with their passphrase only', async () => {
    const folder = join(temporaryFolder(), 'keys');
    const made = await createKeyFile(folder, 'bob', { algorithm: 'ed25519', passphrase: 'tide' });
    expect(made).toMatchObject({ name: 'bob', encrypted: true, publicKey: { algorithm: 'ed25519' } });
    const asked: string[] = [];
    const answer = (passphrase: string | undefined) => (name: string) => {
      asked.push(name);
      return Promise.resolve(passphrase);
    };
    expect((await openKeyFile(folder, 'bob', answer('tide'))).publicKey.id).toBe(made.publicKey.id);
    await expectCode(() => openKeyFile(folder, 'bob', answer('ebb')), 'HF_KEY_PASSPHRASE');
    await expectCode(() => openKeyFile(folder, 'bob', answer(undefined)), 'HF_KEY_PASSPHRASE');
    expect(asked).toEqual(['bob', 'bob', 'bob']);
  });

  test.each([0o640, 0o604, 0o660, 0o644, 0o601])('that others can get at are refused: mode %o', async (mode) => {
    const folder = join(temporaryFolder(), 'keys');
    await createKeyFile(folder, 'alice');
    chmodSync(join(folder, 'alice.pem'), mode);
    const error = await errorOf(() => openKeyFile(folder, 'alice', noPassphrase));
    expect(error).toMatchObject({ code: 'HF_KEY_EXPOSED', where: join(folder, 'alice.pem'), exit: 2 });
  });

  test('are not written over', async () => {
    const folder = join(temporaryFolder(), 'keys');
    const { publicKey } = await createKeyFile(folder, 'alice');
    await expectCode(() => createKeyFile(folder, 'alice'), 'HF_KEY_EXISTS');
    expect(readFileSync(join(folder, 'alice.pub'), 'utf8')).toBe(publicKey.pem);
  });

  test.each(['', '.', '..', '../alice', 'a/b', 'Alice', '-alice', 'a'.repeat(65), 'a\0b', 'ä', 'a b'])(
    '%j is not a name',
    async (name) => {
      const folder = join(temporaryFolder(), 'keys');
      await expectCode(() => createKeyFile(folder, name), 'HF_KEY_NOT_FOUND');
      await expectCode(() => openKeyFile(folder, name, noPassphrase), 'HF_KEY_NOT_FOUND');
    },
  );

  test('that are missing, unreadable or no keys each have their code', async () => {
    const folder = join(temporaryFolder(), 'keys');
    mkdirSync(join(folder, 'folder.pem'), { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'text.pem'), 'hello', { mode: 0o600 });
    await expectCode(() => openKeyFile(folder, 'nobody', noPassphrase), 'HF_KEY_NOT_FOUND');
    await expectCode(() => openKeyFile(folder, 'folder', noPassphrase), 'HF_KEY_UNREADABLE');
    await expectCode(() => openKeyFile(folder, 'text', noPassphrase), 'HF_KEY_FORMAT');
  });

  test('are listed by name, with those whose private half is elsewhere', async () => {
    const folder = join(temporaryFolder(), 'keys');
    expect(await listKeyFiles(folder)).toEqual([]);
    await createKeyFile(folder, 'carol', { passphrase: 'tide' });
    await createKeyFile(folder, 'alice');
    writeFileSync(join(folder, 'dave.pub'), keySigner(generatePrivateKey()).publicKey.pem);
    const listed = await listKeyFiles(folder);
    expect(listed.map(({ name, encrypted }) => [name, encrypted])).toEqual([
      ['alice', false],
      ['carol', true],
      ['dave', false],
    ]);
  });
});
