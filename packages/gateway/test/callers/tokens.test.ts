import { randomBytes } from 'node:crypto';
import type { Caller } from '@holdfast/gateway/callers/caller';
import { type TokenOptions, Tokens } from '@holdfast/gateway/callers/tokens/tokens';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  claims,
  curveKey,
  edwardsKey,
  encoded,
  type IssuerKey,
  issuer,
  type Json,
  macToken,
  now,
  rsaKey,
  setOf,
  tokenOf,
} from './issuer.ts';

const rsa = rsaKey('rsa');
const pss = rsaKey('pss', 'PS384');
const curve = curveKey('curve');
const wide = curveKey('wide', 'ES512');
const edwards = edwardsKey('edwards');
const stranger = rsaKey('rsa');
const all = [rsa, pss, curve, wide, edwards];
const algorithms = all.map(({ alg }) => alg);

interface Served {
  readonly ask: (token: string, seconds?: number) => Promise<Caller | undefined>;
  readonly tokens: Tokens;
}

function served(options: Partial<TokenOptions> = {}, set = setOf(...all)): Served {
  const given = { issuer, audience: 'gateway', keys: 'https://login.example/keys', algorithms, ...options };
  const tokens = new Tokens(given, { unusable: () => undefined }, () => Promise.resolve(set));
  onTestFinished(() => {
    tokens.close();
  });
  return { tokens, ask: async (token, seconds = now) => tokens.callerOf(token, seconds * 1000) };
}

const without = (name: string): Json => Object.fromEntries(Object.entries(claims).filter(([each]) => each !== name));

describe('a token of the issuer', () => {
  test.each(all.map((key) => [key.alg, key] as const))('with %s is known', async (_, key) => {
    expect(await served().ask(tokenOf(key))).toEqual({
      ...{ id: 'jwt:https://login.example|ann', name: 'ann', roles: [], tenant: 'jwt:https://login.example|ann' },
    });
  });

  test('says roles and tenant under the names that are declared', async () => {
    const { ask } = served({ roles: 'https://example.com/groups', tenant: 'org' });
    const said = {
      ...claims,
      'https://example.com/groups': ['caller', 'batch', 'caller'],
      org: 'bank',
      roles: ['admin'],
    };
    expect(await ask(tokenOf(rsa, said))).toMatchObject({ roles: ['caller', 'batch'], tenant: 'bank' });
    expect(await ask(tokenOf(rsa, { ...said, 'https://example.com/groups': 'caller' }))).toMatchObject({
      roles: ['caller'],
    });
    expect(await ask(tokenOf(rsa, { ...said, org: undefined }))).toBeUndefined();
  });

  test.each<[string, Json, Json]>([
    ['an audience among others', { ...claims, aud: ['other', 'gateway'] }, {}],
    ['the type of an access token', claims, { typ: 'at+jwt' }],
    ['the type of a token, in full', claims, { typ: 'application/JWT' }],
    ['a thumbprint that nobody asks for', claims, { 'x5t#S256': 'abc' }],
  ])('may have %s', async (_, payload, header) => {
    expect(await served().ask(tokenOf(rsa, payload, header))).toBeDefined();
  });

  test('counts from its beginning to its end, give or take what clocks may differ', async () => {
    const token = tokenOf(rsa, { ...claims, iat: now - 100, nbf: now, exp: now + 60 });
    for (const [tolerance, from, until] of [
      [0, now, now + 60],
      [5000, now - 5, now + 65],
    ] as const) {
      const { ask } = served({ tolerance });
      // Once verified anew at each moment, and once more from memory.
      const moments = [from - 1, from, until - 1, until];
      for (const each of [moments, moments]) {
        const known = each.map((at) => ask(token, at));
        expect((await Promise.all(known)).map((caller) => caller?.name)).toEqual([undefined, 'ann', 'ann', undefined]);
      }
    }
  });

  test('is found by the only key that fits where it names none', async () => {
    const nameless = (key: IssuerKey): string => tokenOf(key, claims, { kid: undefined });
    expect(await served({}, setOf(rsa)).ask(nameless(rsa))).toBeDefined();
    expect(await served({}, setOf(rsa, rsaKey('other'))).ask(nameless(rsa))).toBeUndefined();
  });
});

describe('a token is refused', () => {
  const pem = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const der = rsa.publicKey.export({ type: 'spki', format: 'der' });
  const modulus = (rsa.publicKey.export({ format: 'jwk' }) as { n: string }).n;
  const good = tokenOf(rsa);
  const [head = '', body = '', mark = ''] = good.split('.');
  const withHeader = (header: Json): string => tokenOf(rsa, claims, header);
  const withClaims = (changed: Json): string => tokenOf(rsa, { ...claims, ...changed });
  const jwk = { jwk: stranger.publicKey.export({ format: 'jwk' }) };

  const refused: readonly (readonly [string, string])[] = [
    ['that is nothing', ''],
    ['of two parts', `${head}.${body}`],
    ['of four parts', `${good}.`],
    ['of five parts, as encrypted ones are', `${head}.${body}.${mark}.${mark}.${mark}`],
    ['without signature', `${head}.${body}.`],
    ['with padding', `${head}.${body}.${mark}=`],
    ['with something after it', `${good}\n`],
    ['with the alphabet of plain base64', `${head}.${body}.+/${mark.slice(2)}`],
    ['that is too long', tokenOf(rsa, { ...claims, more: 'x'.repeat(8192) })],
    // RFC 8725 section 2.1: algorithms.
    ['without algorithm', `${encoded({ alg: 'none' })}.${body}.`],
    ['without algorithm, with a signature', `${encoded({ alg: 'none', kid: 'rsa' })}.${body}.${mark}`],
    ...['None', 'NONE', 'nOnE', '', 'rs256', 'RS256 '].map(
      (alg) => [`with ${JSON.stringify(alg)} as algorithm`, withHeader({ alg })] as const,
    ),
    ['with an algorithm that is no text', withHeader({ alg: ['RS256'] })],
    ['without saying how', `${encoded({ kid: 'rsa' })}.${body}.${mark}`],
    ...(['HS256', 'HS384', 'HS512'] as const).flatMap((alg) =>
      [pem, pem.trim(), der, modulus, JSON.stringify(setOf(rsa)), '', Buffer.from(modulus, 'base64url')].map(
        (secret, at) =>
          [`with ${alg} and the public key as secret (${at})`, macToken(alg, secret, { kid: 'rsa' })] as const,
      ),
    ),
    ['with an algorithm that the issuer has and is not pinned', tokenOf(rsaKey('rsa', 'RS512'))],
    ['with the algorithm of another key', withHeader({ alg: 'PS384', kid: 'pss' })],
    ['with an algorithm for another kind of key', withHeader({ alg: 'ES256' })],
    ['with the name of another key', withHeader({ kid: 'curve' })],
    ['with the name of no key', withHeader({ kid: 'nobody' })],
    ['with a path as the name of a key', withHeader({ kid: '../../dev/null' })],
    ['with a name of a key that is no text', withHeader({ kid: 5 })],
    ['with an empty name of a key', withHeader({ kid: '' })],
    ['of a stranger who has a key of that name', tokenOf(stranger)],
    ['of a stranger who brings the key', tokenOf(stranger, claims, jwk)],
    ['that brings a key, though the right one signed it', withHeader(jwk)],
    ['that says where its key is', withHeader({ jku: 'https://evil.example/keys' })],
    ['that has a certificate with it', withHeader({ x5c: ['MIIB'] })],
    ['that says where its certificate is', withHeader({ x5u: 'https://evil.example/cert' })],
    // RFC 7515 section 4.1.11, RFC 7797.
    ['with an extension that has to be understood', withHeader({ crit: ['exp'], exp: now + 600 })],
    ['with an empty list of extensions', withHeader({ crit: [] })],
    ['whose payload is not encoded', withHeader({ b64: false, crit: ['b64'] })],
    ['that is compressed', withHeader({ zip: 'DEF' })],
    ['in which there is another', tokenOf(rsa, good, { cty: 'JWT' })],
    ['with a type of content', withHeader({ cty: 'json' })],
    ['that is an encrypted one', `${encoded({ alg: 'RSA-OAEP', enc: 'A256GCM' })}.${body}.${mark}.${mark}.${mark}`],
    ...['logout+jwt', 'secevent+jwt', 'dpop+jwt', 'JWE', 5].map(
      (typ) => [`of type ${typ}`, withHeader({ typ })] as const,
    ),
    ['with a header that is a list', `${encoded([])}.${body}.${mark}`],
    ['with a header that is no JSON', `${encoded('{"alg":"RS256"')}.${body}.${mark}`],
    ['with claims that are a list', tokenOf(rsa, [])],
    ['with claims that are no JSON', tokenOf(rsa, '{')],
    // RFC 8725 sections 3.8 to 3.10: claims.
    ...['iss', 'aud', 'exp', 'sub'].map((name) => [`without ${name}`, tokenOf(rsa, without(name))] as const),
    ['of another issuer', withClaims({ iss: 'https://login.example.evil' })],
    ['of an issuer with a slash more', withClaims({ iss: `${issuer}/` })],
    ['of several issuers', withClaims({ iss: [issuer] })],
    ['for somebody else', withClaims({ aud: 'gateway2' })],
    ['for nobody', withClaims({ aud: [] })],
    ['of nobody', withClaims({ sub: '' })],
    ['of a number', withClaims({ sub: 5 })],
    ['of a name with a line in it', withClaims({ sub: 'ann\nadmin' })],
    ['of a name that turns the direction', withClaims({ sub: 'ann\u202eadmin' })],
    ['of a name that is too long', withClaims({ sub: 'a'.repeat(257) })],
    ['that ended', withClaims({ exp: now - 5 })],
    ['that ends at no number', withClaims({ exp: `${now + 600}` })],
    ['that ends at nothing', withClaims({ exp: null })],
    ['that never ends', tokenOf(rsa, JSON.stringify(claims).replace(`"exp":${now + 600}`, '"exp":1e400'))],
    ['that has not begun', withClaims({ nbf: now + 6 })],
    ['that begins at no number', withClaims({ nbf: 'now' })],
    ['that was made in the future', withClaims({ iat: now + 6 })],
    ['that is bound to a key of its holder', withClaims({ cnf: { jkt: 'abc' } })],
    ['with roles that are an object', withClaims({ roles: { caller: true } })],
    ['with roles that are nothing', withClaims({ roles: null })],
    ['with roles that are numbers', withClaims({ roles: [1] })],
    ['with empty roles', withClaims({ roles: [''] })],
    ['with more roles than anybody has', withClaims({ roles: Array.from({ length: 65 }, (_, at) => `r${at}`) })],
  ];

  test.each(refused)('%s', async (_, token) => {
    const { ask } = served();
    expect(await ask(token)).toBeUndefined();
    // The good one is known beside it, before and after.
    expect(await ask(good)).toBeDefined();
    expect(await ask(token)).toBeUndefined();
  });

  test('with any bit of it another', async () => {
    const { ask } = served();
    expect(await ask(good)).toBeDefined();
    const bytes = Buffer.from(good, 'latin1');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(6), async (at, bit) => {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ (1 << bit);
        const token = changed.toString('latin1');
        // 2048 bits are 342 digits of 6 bits: the last has 4 bits that mean nothing, and is the same signature however they are.
        if (
          at === bytes.length - 1 &&
          Buffer.from(token.split('.')[2] ?? '', 'base64url').equals(Buffer.from(mark, 'base64url'))
        )
          return;
        expect(await ask(token)).toBeUndefined();
      }),
    );
  });

  test('that is anything else, and nothing is thrown', async () => {
    const { ask } = served();
    const part = fc.oneof(
      fc.base64String().map((text) => text.replace(/[+/=]/g, '')),
      fc.json().map(encoded),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.')),
        ),
        async (token) => {
          expect(await ask(token)).toBeUndefined();
        },
      ),
    );
  });

  test('from a key that is too short', async () => {
    const short = rsaKey('short', 'RS256', 1024);
    expect(await served({}, setOf(short)).ask(tokenOf(short))).toBeUndefined();
  });
});

describe('declared', () => {
  test.each<Partial<TokenOptions>>([
    { algorithms: [] },
    { algorithms: ['none'] },
    { algorithms: ['RS256', 'HS256'] },
    { algorithms: ['rs256'] },
    { tolerance: -1 },
    { tolerance: Number.NaN },
    { tolerance: 300_001 },
  ])('%o is refused before anything is served', (options) => {
    expect(() => served(options)).toThrow(expect.objectContaining({ code: 'HF_GATEWAY_CONFIGURATION' }) as Error);
  });
});

describe('tokens that were verified', () => {
  test('are known without waiting, each by itself', async () => {
    const { tokens, ask } = served();
    const mine = tokenOf(rsa, { ...claims, sub: 'mine' });
    const yours = tokenOf(rsa, { ...claims, sub: 'yours' });
    expect(tokens.callerOf(mine, now * 1000)).toBeInstanceOf(Promise);
    expect([await ask(mine), await ask(yours)].map((caller) => caller?.name)).toEqual(['mine', 'yours']);
    expect([mine, yours].map((token) => (tokens.callerOf(token, now * 1000) as Caller).name)).toEqual([
      'mine',
      'yours',
    ]);
    const other = `${mine.slice(0, -10)}${randomBytes(8).toString('base64url').slice(0, 10)}`;
    expect(await ask(other)).toBeUndefined();
  });

  test('are so many at most, those used last', async () => {
    const { tokens, ask } = served({ most: 3 });
    const made = ['a', 'b', 'c', 'd'].map((sub) => tokenOf(curve, { ...claims, sub }));
    const [a = '', b = '', c = '', d = ''] = made;
    for (const token of [a, b, c, a, d]) await ask(token);
    const isKnown = made.map((token) => !(tokens.callerOf(token, now * 1000) instanceof Promise));
    expect(isKnown).toEqual([true, false, true, true]);
  });
});
