import { createHash, createSecretKey, webcrypto } from 'node:crypto';
import { MaskingKey } from '@holdfast/data/mask/key/masking-key';
import { hmac } from '@holdfast/data/mask/methods/hash';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellOf, secret, transformation } from './mask-scene.ts';

// RFC 4231, section 4: the test cases whose data are text.
test.each([
  [1, '0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  [2, '4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [
    6,
    'aa'.repeat(131),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    7,
    'aa'.repeat(131),
    'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
])('HMAC-SHA-256, test case %i of RFC 4231', (_, key, data, expected) => {
  expect(hmac(createSecretKey(Buffer.from(key, 'hex')), data).toString('hex')).toBe(expected);
});

/** HKDF and HMAC of the Web Cryptography API: another door to them, and what others would use. */
async function derived(purpose: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const key = await webcrypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode(`holdfast/data.mask/v1/${purpose}\0${name}`);
  const how = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info };
  return new Uint8Array(await webcrypto.subtle.deriveBits(how, key, 256));
}

describe('a key', () => {
  test('is told by an id that anybody with the key can compute', () => {
    const id = createHash('sha256').update(Buffer.from('holdfast/data.mask/v1/key-id\0')).update(secret).digest('hex');
    expect(new MaskingKey(secret).id).toBe(id.slice(0, 16));
  });

  test('gives every purpose and every name another one, as HKDF does', async () => {
    const key = new MaskingKey(secret);
    expect(key.derived('hash', 'person')).toEqual(Buffer.from(await derived('hash', 'person')));
    const all = (['hash', 'token', 'encrypt', 'date-shift'] as const).flatMap((purpose) =>
      ['', 'a', 'b'].map((name) => key.derived(purpose, name).toString('hex')),
    );
    expect(new Set(all).size).toBe(12);
  });

  test('shows nothing of itself', () => {
    const key = new MaskingKey(secret);
    const shown = JSON.stringify([key, ...Object.values(key)]);
    expect(shown).not.toContain(secret.toString('hex').slice(0, 8));
  });
});

describe('hash', () => {
  test('is HMAC under the key of its domain, as another implementation computes it', async () => {
    const raw = await derived('hash', 'person');
    const key = await webcrypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const expected = Buffer.from(await webcrypto.subtle.sign('HMAC', key, new TextEncoder().encode('Zoë')));
    expect(cellOf({ method: 'hash', domain: 'person' }, 'Zoë')).toBe(expected.toString('hex'));
    expect(cellOf({ method: 'hash', domain: 'person', bytes: 16 }, 'Zoë')).toBe(expected.toString('hex').slice(0, 32));
    expect(cellOf({ method: 'hash', domain: 'person', encoding: 'base64url' }, 'Zoë')).toBe(
      expected.toString('base64url'),
    );
  });

  test('joins columns of one domain, and no others', () => {
    const of = (name: string, plan: object): string | null => cellOf({ method: 'hash', ...plan }, 'P-1', { name });
    expect(of('id', { domain: 'person' })).toBe(of('customer', { domain: 'person' }));
    expect(of('id', {})).not.toBe(of('customer', {}));
    const other = Buffer.from(secret).reverse();
    expect(cellOf('hash', 'P-1', { key: other })).not.toBe(cellOf('hash', 'P-1'));
  });

  test('normalises letters where that is asked for', () => {
    const plan = { method: 'hash', normalise: 'letters' };
    expect(cellOf(plan, ' ＡＤＡ ')).toBe(cellOf(plan, 'ada'));
    expect(cellOf('hash', 'Ada')).not.toBe(cellOf('hash', 'ada'));
  });
});

describe('encrypt', () => {
  test('is AES-256-GCM that another implementation can decrypt', async () => {
    const cell = cellOf({ method: 'encrypt', row: ['id'] }, 'a secret', { name: 'note' }, ['7']) ?? '';
    const body = Buffer.from(cell.slice('hfe1.'.length), 'base64url');
    const key = await webcrypto.subtle.importKey('raw', await derived('encrypt', 'note'), 'AES-GCM', false, [
      'decrypt',
    ]);
    const additionalData = new TextEncoder().encode('["holdfast/data.mask/v1/encrypt","note",["7"]]');
    const how = { name: 'AES-GCM', iv: Uint8Array.from(body.subarray(0, 12)), additionalData };
    const plain = await webcrypto.subtle.decrypt(how, key, Uint8Array.from(body.subarray(12)));
    expect(new TextDecoder().decode(plain)).toBe('a secret');
  });

  test('comes back, whatever the text is, and is never the same twice', () => {
    const forth = transformation({ method: 'encrypt', row: ['id'] }, { name: 'note' });
    const back = transformation({ method: 'encrypt', row: ['id'] }, { name: 'note', way: 'inverse' });
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.option(fc.string()), (text, id) => {
        const cell = forth.transform(text, [id]);
        expect(back.transform(cell as string, [id])).toBe(text);
        expect(forth.transform(text, [id])).not.toBe(cell);
      }),
      { numRuns: 200 },
    );
  });

  test('notices another row, column, domain, key, and any changed byte', () => {
    const plan = { method: 'encrypt', row: ['id'] };
    const cell = cellOf(plan, 'a secret', { name: 'note' }, ['7']) ?? '';
    const back = (given: string, name: string, id: string | null, more: object = {}, key = secret): string | null =>
      cellOf({ ...plan, ...more }, given, { name, way: 'inverse', key }, [id]);
    expect(back(cell, 'note', '7')).toBe('a secret');
    expect(back(cell, 'note', '8')).toBe('?not-authentic');
    expect(back(cell, 'note', null)).toBe('?not-authentic');
    expect(back(cell, 'other', '7', { domain: 'note' })).toBe('?not-authentic');
    expect(back(cell, 'note', '7', { domain: 'other' })).toBe('?not-authentic');
    expect(back(cell, 'note', '7', {}, Buffer.from(secret).reverse())).toBe('?not-authentic');
    const body = Buffer.from(cell.slice(5), 'base64url');
    for (const at of body.keys()) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(back(`hfe1.${changed.toString('base64url')}`, 'note', '7')).toBe('?not-authentic');
    }
  });

  test.each(['', 'hfe1.', 'hfe1.AAAA', 'plain', 'hfe2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', 'hfe1.!!!!'])(
    '`%s` is not what was encrypted',
    (text) => {
      expect(cellOf('encrypt', text, { way: 'inverse' })).toBe('?not-encrypted');
    },
  );

  test('of a megabyte comes back', () => {
    const text = 'é'.repeat(2 ** 19);
    expect(cellOf('encrypt', cellOf('encrypt', text) ?? '', { way: 'inverse' })).toBe(text);
  });
});

describe('token', () => {
  const digits = { method: 'token' };

  test('keeps length and alphabet, comes back, and is a permutation', () => {
    const forth = transformation(digits);
    const back = transformation(digits, { way: 'inverse' });
    const seen = new Set<string>();
    for (let number = 0; number < 500; number += 1) {
      const text = String(number).padStart(6, '0');
      const token = forth.transform(text, []) as string;
      expect(token).toMatch(/^\d{6}$/);
      expect(back.transform(token, [])).toBe(text);
      seen.add(token);
    }
    expect(seen.size).toBe(500);
  });

  test('comes back for every alphabet, with separators and kept ends', () => {
    const plan = { method: 'token', alphabet: 'alphanumeric', separators: '- ', keepFirst: 2, keepLast: 1 };
    const forth = transformation(plan);
    const back = transformation(plan, { way: 'inverse' });
    const text = fc.stringMatching(/^[0-9a-zA-Z][0-9a-zA-Z -]{9,40}[0-9a-zA-Z]$/);
    fc.assert(
      fc.property(text, (given) => {
        const bare = (of: string): string => of.replaceAll(/[- ]/g, '');
        const token = forth.transform(given, []);
        // 62⁴ is the first power of 62 above a million
        expect(typeof token === 'string').toBe(bare(given).length >= 7);
        if (typeof token !== 'string') return;
        expect(token).toHaveLength(given.length);
        expect([bare(token).slice(0, 2), bare(token).at(-1)]).toEqual([bare(given).slice(0, 2), bare(given).at(-1)]);
        expect(token.replaceAll(/[^- ]/g, 'x')).toBe(given.replaceAll(/[^- ]/g, 'x'));
        expect(back.transform(token, [])).toBe(given);
      }),
      { numRuns: 150 },
    );
  });

  test('takes kept ends as tweak: what lies between is another token', () => {
    const plan = { method: 'token', keepFirst: 1 };
    expect(cellOf(plan, '1234567890')?.slice(1)).not.toBe(cellOf(plan, '2234567890')?.slice(1));
  });

  test.each([
    ['12345', '?too-short'],
    ['', '?too-short'],
    ['12345x7890', '?outside-alphabet'],
    ['１２３４５６７', '?outside-alphabet'],
    ['123456\u200b7', '?outside-alphabet'],
    ['\u202e1234567', '?outside-alphabet'],
    ['1'.repeat(257), '?too-long'],
    ['1'.repeat(2 ** 20), '?too-long'],
    ['-1234567', '?outside-alphabet'],
  ])('%# is no number of at least a million others', (text, expected) => {
    expect(cellOf(digits, text)).toBe(expected);
  });

  test('counts only what it hides', () => {
    const plan = { method: 'token', keepFirst: 6, keepLast: 4, separators: ' ' };
    expect(cellOf(plan, '4000 0012 3456 7899')).toMatch(/^4000 00\d\d \d{4} 7899$/);
    expect(cellOf(plan, '4000 0012 3456 789')).toBe('?too-short');
  });
});
