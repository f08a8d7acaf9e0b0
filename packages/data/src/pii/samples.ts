import { hash, randomBytes } from 'node:crypto';
import type { ArtifactReader } from '@holdfast/evidence/check';
import { fold } from '@holdfast/recognisers/fold';
import { DataError } from '../errors.ts';

/** Bytes of a key that cannot be tried. */
const leastKey = 32;
const longestKey = 4096;
/** Hexadecimal digits of a sample: 64 bits. */
const shown = 16;
/** So many values of a column are hashed. */
const mostHashed = 5000;
/** A value of few can be told by counting. */
const leastDifferent = 20;

/** Makes the hashes that stand for values. */
export type Hash = (value: string) => string;

/**
 * HMAC-SHA-256 (RFC 2104) of what is left of a value without separators and case, cut to 64 bits. Personal data are few: all
 * card numbers, birthdays and telephone numbers can be tried against a hash without a key, salted or not, in hours. So the
 * key is 32 random bytes that nobody keeps, unless one is handed in: then whoever has it can compare reports.
 *
 * @throws DataError HF_DATA_OPTIONS where the key is one that can be tried
 */
export async function sampleHash(key?: ArtifactReader): Promise<Hash> {
  const secret = key === undefined ? randomBytes(leastKey) : await readKey(key);
  const code = hmac(secret);
  return (value) => code(canonical(value)).slice(0, shown);
}

/** Of SHA-256, bytes. */
const block = 64;

/** RFC 2104, with what depends on the key made once: preparing a key costs Node.js more than ten such hashes. */
function hmac(secret: Uint8Array): (text: string) => string {
  const key = Buffer.alloc(block);
  key.set(secret.length > block ? hash('sha256', secret, 'buffer') : secret);
  const [inner, outer] = [0x36, 0x5c].map((pad) => Buffer.from(key.map((byte) => byte ^ pad))) as [Buffer, Buffer];
  return (text) => {
    const first = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
    return hash('sha256', Buffer.concat([outer, first]), 'hex');
  };
}

const canonical = (value: string): string =>
  fold(value)
    .replaceAll(/[\s\-./()]/g, '')
    .toUpperCase();

async function readKey(key: ArtifactReader): Promise<Uint8Array> {
  const [file, ...others] = key.files;
  const bytes = file === undefined || others.length > 0 ? undefined : await key.read(file.name, longestKey);
  if (bytes !== undefined && bytes.length >= leastKey && new Set(bytes).size >= 12) return bytes;
  throw new DataError('HF_DATA_OPTIONS', `\`${key.name}\` is no key: it holds fewer than ${leastKey} random bytes`, {
    where: 'sampleKey',
    fix: 'make one with `openssl rand -out samples.key 32`, and keep it where secrets are kept',
  });
}

/** The values of one kind in one column: of their hashes the least, so that two columns with the same values show the same. */
export class Samples {
  readonly #hash: Hash;
  readonly #most: number;
  readonly #least = new Set<string>();
  readonly #seen = new Set<string>();
  #hashed = 0;

  constructor(hash: Hash, most: number) {
    this.#hash = hash;
    this.#most = most;
  }

  add(value: string): void {
    if (this.#most === 0 || this.#hashed >= mostHashed) return;
    this.#hashed += 1;
    const hash = this.#hash(value);
    if (this.#seen.size < leastDifferent) this.#seen.add(hash);
    this.#least.add(hash);
    if (this.#least.size <= this.#most) return;
    this.#least.delete([...this.#least].sort().at(-1) ?? '');
  }

  /** None of few values: who knows them could tell by how often each occurs. */
  get shown(): readonly string[] {
    const isFew = this.#hashed > leastDifferent && this.#seen.size < leastDifferent;
    return isFew ? [] : [...this.#least].sort();
  }
}
