import { createHash } from 'node:crypto';
import { base64, equal, fromBase64, hex } from '@holdfast/ledger/verify/encoding';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../src/canonical-json.ts';
import { pae } from '../src/dsse.ts';
import { leafBody } from '../src/verify/leaf.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

describe('pre-authentication encoding', () => {
  test('is that of the test vector of DSSE protocol.md', () => {
    const encoded = pae('http://example.com/HelloWorld', bytes('hello world'));
    expect(text(encoded)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });

  test('counts bytes, not characters', () => {
    expect(text(pae('ä', bytes('€')))).toBe('DSSEv1 2 ä 3 €');
    expect(text(pae('', new Uint8Array()))).toBe('DSSEv1 0  0 ');
  });

  test('is another for every other type and payload', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.uint8Array()), { minLength: 2, maxLength: 2 }), ([a, b]) => {
        const same = a![0] === b![0] && equal(a![1], b![1]);
        expect(equal(pae(...a!), pae(...b!))).toBe(same);
      }),
    );
  });
});

describe('canonical JSON', () => {
  test('is that of RFC 8785, section 3.2.2 and 3.2.4', () => {
    const input = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    const output = `7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e
      333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c
      225c5c5c5c5c222f227d`;
    expect(hex(bytes(canonicalJson(JSON.parse(input))))).toBe(output.replaceAll(/\s/g, ''));
  });

  test('sorts keys as RFC 8785, section 3.2.3 does', () => {
    const input = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      1: 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect([...canonicalJson(input).matchAll(/:"([^"]*)"/g)].map(([, value]) => value)).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s as RFC 8785, appendix B does: %s', (bits, expected) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(expected);
  });

  test.each([Number.NaN, Infinity, -Infinity, undefined, () => 0, { deep: [Number.NaN] }])(
    'has no form for %s',
    (value) => {
      expect(() => canonicalJson(value)).toThrow();
    },
  );

  test('has no form for a cycle, nor for half a character', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => canonicalJson(cycle)).toThrow();
    expect(() => canonicalJson({ half: '\ud800' })).toThrow();
  });

  test('reads back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const json = canonicalJson(value);
        expect(canonicalJson(JSON.parse(json))).toBe(json);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('base64', () => {
  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('of %j is %j (RFC 4648, section 10)', (plain, encoded) => {
    expect(base64(bytes(plain))).toBe(encoded);
    expect(fromBase64(encoded)).toEqual(bytes(plain));
  });

  test.each([
    'Zg',
    'Zg=',
    'Zg===',
    '====',
    '=',
    'Zg==Zg==',
    'Zh==',
    'Zm9=',
    'Zm9v\n',
    ' Zm9v',
    'Zm-_',
    'Zm9\u00e4',
    'Zm9v====',
    'A===',
  ])('%j is refused', (encoded) => {
    expect(fromBase64(encoded)).toBeUndefined();
  });

  test('is that of Node, and back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (data) => {
        expect(base64(data)).toBe(Buffer.from(data).toString('base64'));
        expect(fromBase64(base64(data))).toEqual(data);
        expect(hex(data)).toBe(Buffer.from(data).toString('hex'));
      }),
    );
    const long = new Uint8Array(0x8000 * 2 + 1).fill(7);
    expect(base64(long)).toBe(Buffer.from(long).toString('base64'));
  });

  test('has one spelling for each value', () => {
    const letters = fc.constantFrom(...Array.from('ABYZabyz019+/=\n-_ '));
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 12 }), (encoded) => {
        const decoded = fromBase64(encoded);
        expect(decoded === undefined || Buffer.from(decoded).toString('base64') === encoded).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('leaf', () => {
  const digest = createHash('sha256').update('x').digest();
  const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64');

  test.each([
    ['ecdsa-p256-sha256', 'PKIX_ECDSA_P256_SHA_256'],
    ['ed25519', 'PKIX_ED25519'],
  ] as const)('of %s is the hashedrekord 0.0.2 body, keys in order, without white space', (algorithm, details) => {
    const body = leafBody({ digest, signature: bytes('signature'), algorithm, publicKey: bytes('key') });
    expect(text(body)).toBe(
      '{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{' +
        `"data":{"algorithm":"SHA2_256","digest":"${base64(digest)}"},` +
        `"signature":{"content":"${base64(bytes('signature'))}","verifier":{` +
        `"keyDetails":"${details}","publicKey":{"rawBytes":"${base64(bytes('key'))}"}}}}}}`,
    );
  });
});
