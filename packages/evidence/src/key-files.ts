import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { EvidenceError } from './errors.ts';
import {
  encodePrivateKey,
  generatePrivateKey,
  type KeyAlgorithm,
  keySigner,
  type PublicKey,
  parsePrivateKey,
  parsePublicKey,
  publicKeyOf,
  type Signer,
} from './keys.ts';

const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** A private key as a file of its own, mode 0600, with its public half beside it. */
export interface KeyFile {
  readonly name: string;
  readonly publicKey: PublicKey;
  readonly encrypted: boolean;
}

/** Where passphrases come from; asked only for keys that are encrypted. */
export type PassphraseSource = (keyName: string) => Promise<string | undefined>;

const privatePath = (folder: string, name: string): string => join(folder, `${name}.pem`);
const publicPath = (folder: string, name: string): string => join(folder, `${name}.pub`);

function checkName(name: string): void {
  if (namePattern.test(name)) return;
  throw new EvidenceError('HF_KEY_NOT_FOUND', `\`${name.slice(0, 80)}\` is not a name for a key`, {
    fix: 'use lower-case letters, digits, dots and dashes',
  });
}

/**
 * Makes a key in a folder that only its owner can enter.
 *
 * @throws EvidenceError HF_KEY_EXISTS, HF_KEY_NOT_FOUND (the name cannot be one)
 */
export async function createKeyFile(
  folder: string,
  name: string,
  options: { readonly algorithm?: KeyAlgorithm; readonly passphrase?: string } = {},
): Promise<KeyFile> {
  checkName(name);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  if ((await stat(privatePath(folder, name)).catch(() => undefined)) !== undefined) {
    throw new EvidenceError('HF_KEY_EXISTS', `there is a key \`${name}\` already`, {
      where: privatePath(folder, name),
    });
  }
  const key = generatePrivateKey(options.algorithm);
  const publicKey = publicKeyOf(key);
  await writeDurably(publicPath(folder, name), publicKey.pem);
  await writeDurably(privatePath(folder, name), encodePrivateKey(key, options.passphrase), { mode: 0o600 });
  return { name, publicKey, encrypted: options.passphrase !== undefined };
}

/** The keys in a folder, by name. A folder that is not there holds none. */
export async function listKeyFiles(folder: string): Promise<readonly KeyFile[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.pub')).sort();
  return Promise.all(
    names.map(async (file) => {
      const name = file.slice(0, -'.pub'.length);
      const publicKey = parsePublicKey(await readFile(publicPath(folder, name), 'utf8'));
      const encrypted = (await readFile(privatePath(folder, name), 'utf8').catch(() => '')).includes('ENCRYPTED');
      return { name, publicKey, encrypted };
    }),
  );
}

/**
 * Opens a private key for signing. Refuses one that other users of the machine can read.
 *
 * @throws EvidenceError HF_KEY_NOT_FOUND, HF_KEY_UNREADABLE, HF_KEY_EXPOSED, HF_KEY_PASSPHRASE, HF_KEY_FORMAT
 */
export async function openKeyFile(folder: string, name: string, passphrase: PassphraseSource): Promise<Signer> {
  checkName(name);
  const where = privatePath(folder, name);
  const found = await stat(where).catch((cause: unknown) => {
    throw new EvidenceError('HF_KEY_NOT_FOUND', `there is no key \`${name}\``, { where, cause });
  });
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new EvidenceError('HF_KEY_EXPOSED', `others can read \`${where}\``, { where });
  }
  const pem = await readFile(where, 'utf8').catch((cause: unknown) => {
    throw new EvidenceError('HF_KEY_UNREADABLE', `\`${where}\` cannot be read`, { where, cause });
  });
  const secret = pem.includes('ENCRYPTED') ? await passphrase(name) : undefined;
  return keySigner(parsePrivateKey(pem, secret));
}
