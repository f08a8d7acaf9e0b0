import { open } from 'node:fs/promises';
import { namePattern } from '@holdfast/contracts/scalars';
import { writeDurably } from '@holdfast/ledger/durable-file';
import { GatewayError } from '../../errors.ts';

/** One secret of a key: SHA-256 of its text, and until when it is good where another has taken its place. Times in milliseconds. */
export interface KeySecret {
  readonly sha256: string;
  readonly until?: number;
}

/** A key as it is kept. */
export interface StoredKey {
  /** Stands in the text of the key. */
  readonly id: string;
  /** Of the caller: `key:NAME` everywhere else. It is never given to another. */
  readonly name: string;
  readonly roles: readonly string[];
  /** Models that it is for; undefined: what policy allows. */
  readonly scopes?: readonly string[];
  readonly tenant?: string;
  readonly created: number;
  readonly notBefore?: number;
  readonly expires?: number;
  /** None once it is revoked. */
  readonly revoked?: number;
  /** The newest first; two while it is rotated. */
  readonly secrets: readonly KeySecret[];
}

/** Bounds of a file of keys. */
export const keyBounds = { bytes: 16 * 1024 * 1024, keys: 10_000, names: 64 } as const;

const fields = 'id name roles scopes tenant created notBefore expires revoked secrets'.split(' ');
const times = ['created', 'notBefore', 'expires', 'revoked'] as const;

/**
 * Reads a file of keys.
 *
 * @throws GatewayError HF_GATEWAY_KEY_FILE: it is not there, too long, malformed, or others than its owner may write to it
 */
export async function readKeyFile(path: string): Promise<readonly StoredKey[]> {
  return parseKeys(await readBounded(path));
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw bad('the file of keys cannot be read', path, cause);
  });
  try {
    const { mode, size } = await file.stat();
    if (process.platform !== 'win32' && (mode & 0o022) !== 0) throw bad('others may write to the file of keys', path);
    if (size > keyBounds.bytes) throw bad(`a file of keys has at most ${keyBounds.bytes} bytes`, path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size + 1), 0, size + 1, 0);
    if (bytesRead !== size) throw bad('the file of keys changes while it is read', path);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    throw error instanceof GatewayError ? error : bad('the file of keys cannot be read', path, error);
  } finally {
    await file.close();
  }
}

/** Writes a file of keys as a whole, readable by its owner only. */
export async function writeKeyFile(path: string, keys: readonly StoredKey[]): Promise<void> {
  if (keys.length > keyBounds.keys) throw bad(`there are at most ${keyBounds.keys} keys`, path);
  const shown = { version: 1, keys: keys.map(shownKey) };
  await writeDurably(path, `${JSON.stringify(shown, null, 2)}\n`, { mode: 0o600 });
}

const moment = (time: number): string => new Date(time).toISOString();

function shownKey(key: StoredKey): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...key };
  for (const name of times) if (key[name] !== undefined) shown[name] = moment(key[name]);
  shown['secrets'] = key.secrets.map(({ sha256, until }) => ({
    sha256,
    ...(until === undefined ? {} : { until: moment(until) }),
  }));
  return shown;
}

/**
 * Keys from the text of their file. What is not understood makes all of it unusable.
 *
 * @throws GatewayError HF_GATEWAY_KEY_FILE
 */
export function parseKeys(text: string): readonly StoredKey[] {
  const root = record(parsed(text), ['version', 'keys'], 'the file');
  if (root['version'] !== 1) throw bad('the version is not 1', 'version');
  const keys = list(root['keys'], keyBounds.keys, 'keys').map(readKey);
  for (const field of ['id', 'name'] as const) {
    if (new Set(keys.map((key) => key[field])).size !== keys.length)
      throw bad(`two keys have the same ${field}`, 'keys');
  }
  const digests = keys.flatMap(({ secrets }) => secrets.map(({ sha256 }) => sha256));
  if (new Set(digests).size !== digests.length) throw bad('a secret stands there twice', 'keys');
  return keys;
}

/** A name that comes twice in an object would be read as its last: such a text is longer than what was understood. */
function parsed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad('this is no JSON', 'the file');
  }
  const compact = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
  if (compact !== JSON.stringify(value)) throw bad('a name stands twice in an object, or is written oddly', 'the file');
  return value;
}

function readKey(value: unknown, at: number): StoredKey {
  const where = `keys[${at}]`;
  const key = record(value, fields, where);
  const { id, name, tenant } = key;
  if (typeof id !== 'string' || !/^[0-9A-Za-z]{12}$/.test(id)) throw bad('the id is none', where);
  const secrets = list(key['secrets'], 2, `${where}.secrets`).map((each) => readSecret(each, where));
  const revoked = time(key['revoked'], where);
  if ((revoked === undefined) === (secrets.length === 0)) throw bad('a key has secrets or is revoked', where);
  const read = { notBefore: time(key['notBefore'], where), expires: time(key['expires'], where), revoked };
  return {
    ...{ id, name: nameIn(name, where), roles: namesIn(key['roles'], where), secrets },
    created: time(key['created'], where) ?? missing('created', where),
    ...(key['scopes'] === undefined ? {} : { scopes: namesIn(key['scopes'], where) }),
    ...(tenant === undefined ? {} : { tenant: nameIn(tenant, where) }),
    ...(read.notBefore === undefined ? {} : { notBefore: read.notBefore }),
    ...(read.expires === undefined ? {} : { expires: read.expires }),
    ...(revoked === undefined ? {} : { revoked }),
  };
}

function readSecret(value: unknown, where: string): KeySecret {
  const { sha256, until } = record(value, ['sha256', 'until'], where);
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw bad('a secret is no SHA-256 digest', where);
  return until === undefined ? { sha256 } : { sha256, until: time(until, where) ?? missing('until', where) };
}

function record(value: unknown, names: readonly string[], where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('an object is expected', where);
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) throw bad(`\`${unknown.slice(0, 64)}\` is not known there`, where);
  return value as Readonly<Record<string, unknown>>;
}

function list(value: unknown, most: number, where: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw bad(`a list of at most ${most} is expected`, where);
  return value;
}

function nameIn(value: unknown, where: string): string {
  if (typeof value !== 'string' || !namePattern.test(value)) throw bad('a name is expected', where);
  return value;
}

const namesIn = (value: unknown, where: string): readonly string[] =>
  list(value, keyBounds.names, where).map((each) => nameIn(each, where));

/** RFC 3339 in UTC with milliseconds, and no other way to write it. */
function time(value: unknown, where: string): number | undefined {
  if (value === undefined) return undefined;
  const read = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(read) || moment(read) !== value)
    throw bad('a time such as `2027-01-31T00:00:00.000Z` is expected', where);
  return read;
}

function missing(name: string, where: string): never {
  throw bad(`\`${name}\` is missing`, where);
}

const bad = (message: string, where: string, cause?: unknown): GatewayError =>
  new GatewayError('HF_GATEWAY_KEY_FILE', message, { where, cause });
