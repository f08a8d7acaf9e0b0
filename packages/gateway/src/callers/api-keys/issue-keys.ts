import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { namePattern } from '@holdfast/contracts/scalars';
import { FolderLock } from '@holdfast/ledger/folder-lock';
import { GatewayError } from '../../errors.ts';
import { keyBounds, readKeyFile, type StoredKey, writeKeyFile } from './key-file.ts';
import { keyDigest, newKeyId, newKeyText } from './key-text.ts';

/** What a new key is for. Times in milliseconds since 1970. */
export interface KeyDescription {
  readonly name: string;
  readonly roles?: readonly string[];
  /** Models; left out: what policy allows. */
  readonly scopes?: readonly string[];
  readonly tenant?: string;
  readonly notBefore?: number;
  readonly expires?: number;
}

/** The text is shown once: only its digest is kept. */
export interface IssuedKey {
  readonly key: StoredKey;
  readonly text: string;
}

/** Milliseconds to wait for another command that changes the file. */
const longestWait = 5000;
/** The last moment that RFC 3339 can write. */
const lastMoment = 253_402_300_799_999;

/** The keys in a file; none where there is no file. @throws GatewayError HF_GATEWAY_KEY_FILE */
export async function listKeys(path: string): Promise<readonly StoredKey[]> {
  const isThere = await stat(path).then(
    () => true,
    (error: unknown) => (error as NodeJS.ErrnoException).code !== 'ENOENT',
  );
  return isThere ? readKeyFile(path) : [];
}

/**
 * Adds a key to a file, which is made where there is none. A name is given once, whatever became of its key.
 *
 * @throws GatewayError HF_GATEWAY_KEY_FILE
 */
export async function createKey(path: string, description: KeyDescription, nowMs: number): Promise<IssuedKey> {
  requireSensible(description, nowMs);
  return changing(path, async (keys) => {
    const { name } = description;
    if (keys.some((key) => key.name === name)) throw refused(`there is or was a key \`${name}\` already`, path);
    const id = newKeyId();
    const text = newKeyText(id);
    const key = { id, roles: [], ...description, created: nowMs, secrets: [{ sha256: keyDigest(text) }] };
    await writeKeyFile(path, [...keys, key]);
    return { key, text };
  });
}

/**
 * Gives a key a new secret. The old one is good for `overlapMs` more, so that callers can change over; with 0 no other than the new
 * one is good.
 *
 * @throws GatewayError HF_GATEWAY_KEY_FILE, also where it is being rotated already
 */
export async function rotateKey(
  path: string,
  { name, overlapMs }: { readonly name: string; readonly overlapMs: number },
  nowMs: number,
): Promise<IssuedKey> {
  if (!Number.isSafeInteger(overlapMs) || overlapMs < 0 || nowMs + overlapMs > lastMoment) {
    throw refused('the time that the old secret stays good is no number of milliseconds', path);
  }
  return changing(path, async (keys) => {
    const old = standing(keys, name, path);
    const [newest, before] = old.secrets;
    if (overlapMs > 0 && before?.until !== undefined && before.until > nowMs) {
      throw refused(`\`${name}\` is being rotated until ${new Date(before.until).toISOString()}`, path);
    }
    const text = newKeyText(old.id);
    const left = newest === undefined || overlapMs === 0 ? [] : [{ sha256: newest.sha256, until: nowMs + overlapMs }];
    const key = { ...old, secrets: [{ sha256: keyDigest(text) }, ...left] };
    await writeKeyFile(
      path,
      keys.map((each) => (each === old ? key : each)),
    );
    return { key, text };
  });
}

/** Ends a key at once and for good. @throws GatewayError HF_GATEWAY_KEY_FILE */
export async function revokeKey(path: string, name: string, nowMs: number): Promise<StoredKey> {
  return changing(path, async (keys) => {
    const old = standing(keys, name, path);
    const key = { ...old, secrets: [], revoked: nowMs };
    await writeKeyFile(
      path,
      keys.map((each) => (each === old ? key : each)),
    );
    return key;
  });
}

/** One command at a time reads and writes the file. */
async function changing<T>(path: string, change: (keys: readonly StoredKey[]) => Promise<T>): Promise<T> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const lock = new FolderLock(folder, longestWait);
  try {
    await lock.acquire();
    return await change(await listKeys(path));
  } finally {
    lock.close();
  }
}

function standing(keys: readonly StoredKey[], name: string, path: string): StoredKey {
  const key = keys.find((each) => each.name === name);
  if (key === undefined) throw refused(`there is no key \`${name.slice(0, 64)}\``, path);
  if (key.revoked !== undefined) throw refused(`the key \`${name}\` is revoked`, path);
  return key;
}

function requireSensible(
  { name, roles = [], scopes = [], tenant, notBefore, expires }: KeyDescription,
  nowMs: number,
): void {
  const names = [name, ...roles, ...scopes, ...(tenant === undefined ? [] : [tenant])];
  const odd = names.find((each) => !namePattern.test(each));
  if (odd !== undefined) throw refused(`\`${odd.slice(0, 64)}\` is no name`, 'key');
  if (roles.length > keyBounds.names || scopes.length > keyBounds.names) {
    throw refused(`a key has at most ${keyBounds.names} roles and models`, 'key');
  }
  for (const time of [notBefore, expires]) {
    if (time !== undefined && !(Number.isSafeInteger(time) && time >= 0 && time <= lastMoment)) {
      throw refused('a time is none', 'key');
    }
  }
  if (expires !== undefined && expires <= Math.max(nowMs, notBefore ?? 0)) {
    throw refused('the key would end before it begins', 'key');
  }
}

const refused = (message: string, where: string): GatewayError =>
  new GatewayError('HF_GATEWAY_KEY_FILE', message, { where });
