import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiKeys } from '@holdfast/gateway/callers/api-keys/api-keys';
import { createKey, listKeys, revokeKey, rotateKey } from '@holdfast/gateway/callers/api-keys/issue-keys';
import { parseKeys } from '@holdfast/gateway/callers/api-keys/key-file';
import { KeyRing } from '@holdfast/gateway/callers/api-keys/key-ring';
import { isKeyText, newKeyId, newKeyText } from '@holdfast/gateway/callers/api-keys/key-text';
import { temporaryFolder } from '@holdfast/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const day = 86_400_000;
const now = Date.parse('2026-11-29T00:00:00.000Z');
const newFile = (): string => join(temporaryFolder(), 'keys.json');
const ringOf = async (path: string): Promise<KeyRing> => new KeyRing(await listKeys(path));

/** CRC-32 (ISO 3309) bit by bit, and base 62 by division: neither as the code does it. */
function checksum(text: string): string {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const places = [62 ** 5, 62 ** 4, 62 ** 3, 62 ** 2, 62, 1];
  return places
    .map((place) => {
      const digit = Math.floor(rest / place);
      rest -= digit * place;
      return alphabet.charAt(digit);
    })
    .join('');
}

describe('the text of a key', () => {
  test('has a form, and the checksum of what is before it', () => {
    for (let times = 0; times < 200; times++) {
      const text = newKeyText(newKeyId());
      expect(text).toMatch(/^hf_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/);
      expect(text.slice(-6)).toBe(checksum(text.slice(0, -6)));
      expect(isKeyText(text)).toBe(true);
    }
  });

  test('with another character in it is none', () => {
    const text = newKeyText(newKeyId());
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'A', 'z', '_', ' ', 'é'), (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        expect(isKeyText(changed)).toBe(changed === text);
      }),
    );
  });

  test('uses all of 256 bits: no two of many are alike, and every digit occurs in every place', () => {
    const texts = Array.from({ length: 4000 }, () => newKeyText('AAAAAAAAAAAA').slice(16, 59));
    expect(new Set(texts).size).toBe(4000);
    // The first digit of a number below 2^256 in base 62 goes up to 61: 62^43 is hardly more (2^256.03).
    for (const at of [0, 1, 20, 42]) expect(new Set(texts.map((text) => text[at])).size).toBeGreaterThan(58);
  });
});

describe('a file of keys', () => {
  test('holds digests only, and is its owner’s', async () => {
    const path = newFile();
    const { text, key } = await createKey(path, { name: 'reports-ci', roles: ['caller'] }, now);
    const kept = readFileSync(path, 'utf8');
    expect(kept).not.toContain(text.slice(16));
    expect(kept).toContain(createHash('sha256').update(text).digest('hex'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(path, '..')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await listKeys(path)).toEqual([key]);
    expect(JSON.parse(kept)).toMatchObject({ version: 1, keys: [{ created: '2026-11-29T00:00:00.000Z' }] });
  });

  test('says whose a key is', async () => {
    const path = newFile();
    const description = { name: 'ci', roles: ['caller', 'batch'], scopes: ['credit'], tenant: 'bank' };
    const { text } = await createKey(path, description, now);
    const { text: plain } = await createKey(path, { name: 'other' }, now);
    const ring = await ringOf(path);
    expect(ring.callerOf(text, now)).toEqual({
      ...{ id: 'key:ci', name: 'ci', roles: ['caller', 'batch'], scopes: ['credit'], tenant: 'bank' },
    });
    expect(ring.callerOf(plain, now)).toEqual({ id: 'key:other', name: 'other', roles: [], tenant: 'key:other' });
  });

  test('says nothing of what is no key of its own', async () => {
    const path = newFile();
    const { text, key } = await createKey(path, { name: 'ci' }, now);
    const ring = await ringOf(path);
    const wrong = [
      ...['', 'hf_', text.slice(0, -1), `${text}0`, ` ${text}`, text.toLowerCase(), text.replace('hf_', 'HF_')],
      ...[
        newKeyText(key.id),
        newKeyText(newKeyId()),
        key.secrets[0]?.sha256 ?? '',
        `hf_${newKeyId()}${text.slice(15)}`,
      ],
      `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`,
    ];
    for (const shown of wrong) expect(ring.callerOf(shown, now)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        const changed = text.slice(0, at) + character + text.slice(at + 1);
        expect(ring.callerOf(changed, now) !== undefined).toBe(changed === text);
      }),
    );
  });

  test('lets a key count from its beginning until just before its end', async () => {
    const path = newFile();
    const { text } = await createKey(path, { name: 'ci', notBefore: now + day, expires: now + 2 * day }, now);
    const ring = await ringOf(path);
    const good = [now + day - 1, now + day, now + 2 * day - 1, now + 2 * day].map((at) => ring.callerOf(text, at));
    expect(good.map((caller) => caller?.id)).toEqual([undefined, 'key:ci', 'key:ci', undefined]);
  });

  test('lets both secrets count while a key is rotated, and the new one only after', async () => {
    const path = newFile();
    const { text: old } = await createKey(path, { name: 'ci' }, now);
    const { text: next } = await rotateKey(path, { name: 'ci', overlapMs: day }, now);
    const ring = await ringOf(path);
    const whose = [old, next].flatMap((text) =>
      [now, now + day - 1, now + day].map((at) => ring.callerOf(text, at)?.id),
    );
    expect(whose).toEqual(['key:ci', 'key:ci', undefined, 'key:ci', 'key:ci', 'key:ci']);
    // A third before the first has ended would end it early.
    await expect(rotateKey(path, { name: 'ci', overlapMs: day }, now + day - 1)).rejects.toThrow(/being rotated until/);
    const { text: third } = await rotateKey(path, { name: 'ci', overlapMs: 0 }, now + 1);
    const after = await ringOf(path);
    expect([old, next, third].map((text) => after.callerOf(text, now + 1)?.id)).toEqual([
      undefined,
      undefined,
      'key:ci',
    ]);
  });

  test('has no good key of a name that was revoked, and never gives the name to another', async () => {
    const path = newFile();
    const { text } = await createKey(path, { name: 'ci' }, now);
    await rotateKey(path, { name: 'ci', overlapMs: day }, now);
    expect(await revokeKey(path, 'ci', now)).toMatchObject({ revoked: now, secrets: [] });
    expect((await ringOf(path)).callerOf(text, now)).toBeUndefined();
    for (const again of [
      () => createKey(path, { name: 'ci' }, now),
      () => rotateKey(path, { name: 'ci', overlapMs: 0 }, now),
      () => revokeKey(path, 'ci', now),
      () => revokeKey(path, 'nobody', now),
    ]) {
      await expect(again()).rejects.toMatchObject({ code: 'HF_GATEWAY_KEY_FILE' });
    }
  });

  test('loses nothing to commands that run at the same time', async () => {
    const path = newFile();
    const names = Array.from({ length: 12 }, (_, at) => `ci-${at}`);
    await Promise.all(names.map((name) => createKey(path, { name }, now)));
    expect((await listKeys(path)).map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  });

  test.each([
    [{ name: 'Not a name' }],
    [{ name: 'ci', roles: ['a b'] }],
    [{ name: 'ci', expires: now }],
    [{ name: 'ci', expires: Number.NaN }],
    [{ name: 'ci', notBefore: now + day, expires: now + day }],
    [{ name: 'ci', scopes: Array.from({ length: 65 }, (_, at) => `m${at}`) }],
  ])('does not take %o', async (description) => {
    await expect(createKey(newFile(), description, now)).rejects.toMatchObject({ code: 'HF_GATEWAY_KEY_FILE' });
  });
});

describe('a malformed file of keys', () => {
  const digest = 'a'.repeat(64);
  const key = {
    ...{ id: 'AAAAAAAAAAAA', name: 'ci', roles: ['caller'], created: '2026-11-29T00:00:00.000Z' },
    secrets: [{ sha256: digest }],
  };
  const withKeys = (...keys: readonly unknown[]): string => JSON.stringify({ version: 1, keys });

  test('is not what this is', () => {
    expect(parseKeys(withKeys(key))).toEqual([{ ...key, created: now }]);
    expect(parseKeys(JSON.stringify({ version: 1, keys: [key] }, null, '\t'))).toHaveLength(1);
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['no JSON', '{"version":1,"keys":['],
    ['no object', '[]'],
    ['no keys', '{"version":1}'],
    ['another version', JSON.stringify({ version: 2, keys: [] })],
    ['something unknown', JSON.stringify({ version: 1, keys: [], more: 1 })],
    ['something unknown in a key', withKeys({ ...key, secret: 'x' })],
    ['a name twice in an object', `{"version":1,"version":1,"keys":[]}`],
    [
      'a key’s end twice',
      withKeys(key).replace(
        '"roles"',
        '"expires":"2026-01-01T00:00:00.000Z","expires":"2027-01-01T00:00:00.000Z","roles"',
      ),
    ],
    ['an escaped name', withKeys(key).replace('"ci"', '"\\u0063i"')],
    ['__proto__', withKeys(key).replace('"name"', '"__proto__":{},"name"')],
    ['two keys of one id', withKeys(key, { ...key, name: 'other', secrets: [{ sha256: 'b'.repeat(64) }] })],
    ['two keys of one name', withKeys(key, { ...key, id: 'BBBBBBBBBBBB', secrets: [{ sha256: 'b'.repeat(64) }] })],
    ['one secret of two keys', withKeys(key, { ...key, id: 'BBBBBBBBBBBB', name: 'other' })],
    ['no id', withKeys({ ...key, id: undefined })],
    ['an id that is none', withKeys({ ...key, id: 'AAAAAAAAAAA_' })],
    ['a name that is none', withKeys({ ...key, name: 'a\nb' })],
    ['roles that are no list', withKeys({ ...key, roles: 'caller' })],
    ['no roles', withKeys({ ...key, roles: undefined })],
    ['a scope that is none', withKeys({ ...key, scopes: [''] })],
    ['scopes of nothing', withKeys({ ...key, scopes: null })],
    ['no secret', withKeys({ ...key, secrets: [] })],
    ['three secrets', withKeys({ ...key, secrets: ['a', 'b', 'c'].map((each) => ({ sha256: each.repeat(64) })) })],
    ['a digest in capitals', withKeys({ ...key, secrets: [{ sha256: 'A'.repeat(64) }] })],
    ['a short digest', withKeys({ ...key, secrets: [{ sha256: 'a'.repeat(63) }] })],
    ['a revoked key that has a secret', withKeys({ ...key, revoked: '2026-11-29T00:00:00.000Z' })],
    ['an end without zone', withKeys({ ...key, expires: '2026-11-29T00:00:00' })],
    ['an end in seconds', withKeys({ ...key, expires: 1_790_000_000 })],
    ['an end on no day', withKeys({ ...key, expires: '2026-02-30T00:00:00.000Z' })],
    ['no beginning of its own', withKeys({ ...key, created: undefined })],
    ['too many keys', withKeys(...Array.from({ length: 10_001 }, () => 0))],
  ])('with %s is refused as a whole', (_, text) => {
    expect(() => parseKeys(text)).toThrow(expect.objectContaining({ code: 'HF_GATEWAY_KEY_FILE' }) as Error);
  });

  test('of anything else is refused as well, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseKeys(text)).toThrow(expect.objectContaining({ code: 'HF_GATEWAY_KEY_FILE' }) as Error);
      }),
    );
  });
});

describe('keys that are served from a file', () => {
  const watched = async (path: string) => {
    const told: string[] = [];
    const keys = await ApiKeys.open(path, {
      loaded: (count) => told.push(`${count}`),
      unusable: (error) => told.push((error as { code: string }).code),
    });
    return { keys, told };
  };

  test('follow it, and none is good while it cannot be used', async () => {
    const path = newFile();
    const { text } = await createKey(path, { name: 'ci' }, now);
    const { keys, told } = await watched(path);
    expect(keys.callerOf(text, now)?.id).toBe('key:ci');
    const whole = readFileSync(path, 'utf8');
    const steps: readonly (readonly [() => void, boolean])[] = [
      [
        () => {
          writeFileSync(path, whole.slice(0, -10));
        },
        false,
      ],
      [
        () => {
          writeFileSync(path, whole);
        },
        true,
      ],
      [
        () => {
          chmodSync(path, 0o622);
        },
        false,
      ],
      [
        () => {
          chmodSync(path, 0o640);
        },
        true,
      ],
      [
        () => {
          renameSync(path, `${path}.away`);
        },
        false,
      ],
      [
        () => {
          renameSync(`${path}.away`, path);
        },
        true,
      ],
    ];
    for (const [step, isGood] of steps) {
      step();
      await keys.reload();
      expect(keys.callerOf(text, now) !== undefined).toBe(isGood);
    }
    expect(told).toContain('HF_GATEWAY_KEY_FILE');
    keys.close();
    expect(keys.callerOf(text, now)).toBeUndefined();
  });

  test('are read again without being asked to', async () => {
    const path = newFile();
    const { text } = await createKey(path, { name: 'ci' }, now);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const keys = await ApiKeys.open(path, {
      loaded: (count) => {
        if (count === 0) resolve(undefined);
      },
      unusable: () => undefined,
    });
    await revokeKey(path, 'ci', now);
    await promise;
    expect(keys.callerOf(text, now)).toBeUndefined();
    keys.close();
  });

  test('do not begin without a file that can be used', async () => {
    const path = newFile();
    await expect(watched(path)).rejects.toMatchObject({ code: 'HF_GATEWAY_KEY_FILE' });
    writeFileSync(path, '{}', { mode: 0o600 });
    await expect(watched(path)).rejects.toMatchObject({ code: 'HF_GATEWAY_KEY_FILE' });
    rmSync(path);
  });
});
