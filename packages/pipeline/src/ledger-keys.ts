import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceError } from '@holdfast/evidence/errors';
import type { PassphraseSource } from '@holdfast/evidence/key-files';
import { encodePrivateKey } from '@holdfast/evidence/keys';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { ed25519Signer, mlDsa44Cosigner, type NoteSigner } from '@holdfast/ledger/note-signer';

/** The two keys of a ledger: what signs its checkpoints now, and what still protects them after a quantum computer. */
const ledgerKeys = { ed25519: 'ledger-ed25519', postQuantum: 'ledger-ml-dsa-44' } as const;

/** The name under which a ledger cosigns its own checkpoints post-quantum; keys of one name need different ids only. */
const signersOf = (origin: string, classic: KeyObject, postQuantum: KeyObject): readonly NoteSigner[] => [
  ed25519Signer(origin, classic),
  mlDsa44Cosigner(origin, postQuantum),
];

/** Makes the keys of a new ledger in the project's key folder. */
export async function createLedgerSigners(
  folder: string,
  origin: string,
  passphrase?: string,
): Promise<readonly NoteSigner[]> {
  const classic = generateKeyPairSync('ed25519').privateKey;
  const postQuantum = generateKeyPairSync('ml-dsa-44').privateKey;
  for (const [name, key] of [
    [ledgerKeys.ed25519, classic],
    [ledgerKeys.postQuantum, postQuantum],
  ] as const) {
    await writeDurably(join(folder, `${name}.pem`), encodePrivateKey(key, passphrase), { mode: 0o600 });
  }
  return signersOf(origin, classic, postQuantum);
}

/** Opens the keys of a ledger. @throws EvidenceError HF_KEY_NOT_FOUND, HF_KEY_EXPOSED, HF_KEY_PASSPHRASE, HF_KEY_FORMAT */
export async function openLedgerSigners(
  folder: string,
  origin: string,
  passphrase: PassphraseSource,
): Promise<readonly NoteSigner[]> {
  const classic = await openKey(folder, ledgerKeys.ed25519, passphrase);
  return signersOf(origin, classic, await openKey(folder, ledgerKeys.postQuantum, passphrase));
}

async function openKey(folder: string, name: string, passphrase: PassphraseSource): Promise<KeyObject> {
  const where = join(folder, `${name}.pem`);
  const found = await stat(where).catch((cause: unknown) => {
    throw new EvidenceError('HF_KEY_NOT_FOUND', `the ledger's key \`${name}\` is not here`, {
      where,
      cause,
      fix: 'only the machine with this key can write the ledger; `holdfast init` in a fresh clone starts one of its own',
    });
  });
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) {
    throw new EvidenceError('HF_KEY_EXPOSED', `others can read \`${where}\``, { where });
  }
  const pem = await readFile(where, 'utf8').catch((cause: unknown) => {
    throw new EvidenceError('HF_KEY_UNREADABLE', `\`${where}\` cannot be read`, { where, cause });
  });
  const encrypted = pem.includes('ENCRYPTED');
  const secret = encrypted ? await passphrase(name) : undefined;
  if (encrypted && secret === undefined) {
    throw new EvidenceError('HF_KEY_PASSPHRASE', `the ledger's key \`${name}\` is encrypted`, { where });
  }
  try {
    return createPrivateKey({ key: pem, ...(secret === undefined ? {} : { passphrase: secret }) });
  } catch (cause) {
    const code = encrypted ? 'HF_KEY_PASSPHRASE' : 'HF_KEY_FORMAT';
    throw new EvidenceError(code, `the ledger's key \`${name}\` cannot be opened`, { where, cause });
  }
}
