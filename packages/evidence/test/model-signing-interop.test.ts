/** Against the real `model_signing` command (tools/peers/requirements-model-signing.txt). */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, type TestContext, test } from 'vitest';
import { encodePrivateKey, generatePrivateKey, keySigner, type Signer } from '../src/keys.ts';
import { signModel } from '../src/model-signing/sign.ts';
import { verifyModel } from '../src/model-signing/verify.ts';
import { modelSigningCommand, needs, temporaryFolder } from './digest-peers.ts';

const files = {
  'a/b': 'component order puts this first',
  'a-b': 'and string order this',
  'a.b': '3',
  'deep/er/weights.bin': 'w',
  'nested/.git/HEAD': 'counts: not at the top',
  '.gitattributes': 'does not count',
  '～': 'above the surrogates',
  '😀': 'emoji',
  'é "quoted" \\back': 'odd',
  empty: '',
};

interface Setting {
  readonly command: string;
  readonly root: string;
  readonly signer: Signer;
  readonly privateKey: string;
  readonly publicKey: string;
}

function setting(context: TestContext): Setting {
  const command = modelSigningCommand() ?? needs(context, 'model_signing');
  const folder = temporaryFolder();
  const root = join(folder, 'model');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const key = generatePrivateKey();
  const signer = keySigner(key);
  const [privateKey, publicKey] = [join(folder, 'key.pem'), join(folder, 'key.pub')];
  writeFileSync(privateKey, encodePrivateKey(key));
  writeFileSync(publicKey, signer.publicKey.pem);
  return { command, root, signer, privateKey, publicKey };
}

const arguments_ = (publicKey: string, path: string, signature: string): string[] => [
  'verify',
  'key',
  '--public_key',
  publicKey,
  '--signature',
  signature,
  path,
]; // prettier

test('ours verifies there: a folder, and no longer when a byte differs', async (context) => {
  const { command, root, signer, publicKey } = setting(context);
  const { output } = await signModel(root, signer);
  expect(execFileSync(command, arguments_(publicKey, root, output), { encoding: 'utf8' })).toContain('succeeded');
  writeFileSync(join(root, 'a-b'), 'x');
  const { status, stderr } = spawnSync(command, arguments_(publicKey, root, output), { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain("Hash mismatch for 'a-b'");
});

test('ours verifies there: a single file', async (context) => {
  const { command, root, signer, publicKey } = setting(context);
  const path = join(root, 'a-b');
  const { output } = await signModel(path, signer, { output: join(root, '../one.sig') });
  expect(execFileSync(command, arguments_(publicKey, path, output), { encoding: 'utf8' })).toContain('succeeded');
});

test('ours verifies there: ignored paths, a signature of another name, links to files', async (context) => {
  const { command, root, signer, publicKey } = setting(context);
  symlinkSync('a-b', join(root, 'link'));
  const output = join(root, 'deep', 'other.sig');
  await signModel(root, signer, { output, ignorePaths: ['deep/er', 'a.b'], symlinks: 'follow' });
  writeFileSync(join(root, 'deep/er/log'), 'ignored, so it may come later');
  const printed = execFileSync(command, [...arguments_(publicKey, root, output), '--allow_symlinks'], {
    encoding: 'utf8',
  });
  expect(printed).toContain('succeeded');
});

test('theirs verifies here: a folder with ignored paths, and no longer with another file', async (context) => {
  const { command, root, signer, privateKey } = setting(context);
  const signature = join(root, 'theirs.sig');
  const ignored = ['--ignore-paths', join(root, 'deep'), '--ignore-paths', join(root, 'a.b')];
  execFileSync(command, ['sign', 'key', '--private_key', privateKey, '--signature', signature, ...ignored, root]);
  const { manifest } = await verifyModel(root, signature, signer.publicKey);
  expect(manifest.resources.map(({ name }) => name).slice(0, 2)).toEqual(['a/b', 'a-b']);
  writeFileSync(join(root, 'other'), 'x');
  await expect(verifyModel(root, signature, signer.publicKey)).rejects.toMatchObject({ code: 'HF_MODEL_EXTRA_FILE' });
});

test('theirs verifies here: git files signed, and a single file', async (context) => {
  const { command, root, signer, privateKey } = setting(context);
  const sign = ['sign', 'key', '--private_key', privateKey, '--signature'];
  const [folder, file] = [join(root, '../folder.sig'), join(root, '../file.sig')];
  execFileSync(command, [...sign, folder, '--no-ignore-git-paths', root]);
  const { manifest } = await verifyModel(root, folder, signer.publicKey);
  expect(manifest.resources.map(({ name }) => name)).toContain('.gitattributes');
  execFileSync(command, [...sign, file, join(root, 'a-b')]);
  await verifyModel(join(root, 'a-b'), file, signer.publicKey);
});
