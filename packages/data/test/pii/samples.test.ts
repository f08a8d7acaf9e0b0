import { createHmac } from 'node:crypto';
import { Samples, sampleHash } from '@holdfast/data/pii/samples';
import type { ArtifactReader } from '@holdfast/evidence/check';
import { describe, expect, test } from 'vitest';

const keyOf = (bytes: Uint8Array): ArtifactReader => ({
  ...{ name: 'samples.key', kind: 'configuration', path: '/samples.key', digest: {} },
  files: [{ name: 'samples.key', size: bytes.length, sha256: '' }],
  read: async () => Promise.resolve(bytes),
});

describe('what stands for values', () => {
  test.each([32, 64, 65, 200])('is HMAC-SHA-256 under a key of %i bytes, as OpenSSL has it', async (length) => {
    const key = Uint8Array.from({ length }, (_, at) => (at * 37 + 11) % 256);
    const hash = await sampleHash(keyOf(key));
    const other = createHmac('sha256', key).update('DE89370400440532013000').digest('hex').slice(0, 16);
    expect(hash('DE89370400440532013000')).toBe(other);
    // written otherwise, and with what nobody sees
    expect(hash('de89 3704 0044 0532 0130 00')).toBe(other);
    expect(hash('DE89\u200b3704-0044-0532-0130-00')).toBe(other);
  });

  test.each([[new Uint8Array(31)], [new Uint8Array(64)]])('is under no key that can be tried', async (bytes) => {
    await expect(sampleHash(keyOf(bytes))).rejects.toMatchObject({ code: 'HF_DATA_OPTIONS' });
  });

  test('are the least hashes, whatever the order', async () => {
    const hash = await sampleHash();
    const [one, other] = [new Samples(hash, 3), new Samples(hash, 3)];
    const values = Array.from({ length: 50 }, (_, at) => `value ${at}`);
    for (const value of values) one.add(value);
    for (const value of values.toReversed()) other.add(value);
    expect(one.shown).toEqual(values.map(hash).toSorted().slice(0, 3));
    expect(other.shown).toEqual(one.shown);
  });
});
