import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Tokens and keys made with Node's cryptography alone, so that what verifies them is not what made them. */
export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export type Json = Readonly<Record<string, unknown>>;

/** Seconds. */
export const now = 1_790_000_000;
export const issuer = 'https://login.example';
export const claims: Json = { iss: issuer, aud: 'gateway', sub: 'ann', exp: now + 600, iat: now - 10 };

export const rsaKey = (kid: string, alg = 'RS256', bits = 2048): IssuerKey => ({
  ...{ kid, alg },
  ...generateKeyPairSync('rsa', { modulusLength: bits }),
});
const curves = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' } as const;
export const curveKey = (kid: string, alg: keyof typeof curves = 'ES256'): IssuerKey => ({
  ...{ kid, alg },
  ...generateKeyPairSync('ec', { namedCurve: curves[alg] }),
});
export const edwardsKey = (kid: string): IssuerKey => ({ kid, alg: 'EdDSA', ...generateKeyPairSync('ed25519') });

export const jwkOf = ({ kid, alg, publicKey }: IssuerKey): Json => ({
  ...publicKey.export({ format: 'jwk' }),
  ...{ kid, alg, use: 'sig' },
});
export const setOf = (...keys: readonly IssuerKey[]): string => JSON.stringify({ keys: keys.map(jwkOf) });

export const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function signature(alg: string, key: KeyObject, input: string): Buffer {
  const data = Buffer.from(input);
  const digest = `sha${alg.slice(2)}`;
  if (alg === 'EdDSA') return sign(null, data, key);
  if (alg.startsWith('ES')) return sign(digest, data, { key, dsaEncoding: 'ieee-p1363' });
  if (alg.startsWith('RS')) return sign(digest, data, key);
  return sign(digest, data, {
    key,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
}

/** A token (RFC 7515 section 3.1); the header as it is given, where it is. */
export function tokenOf(key: IssuerKey, payload: unknown = claims, header: Json = {}): string {
  const input = `${encoded({ alg: key.alg, kid: key.kid, ...header })}.${encoded(payload)}`;
  return `${input}.${signature(key.alg, key.privateKey, input).toString('base64url')}`;
}

/** Signed with a secret, whatever the secret is. */
export function macToken(alg: 'HS256' | 'HS384' | 'HS512', secret: string | Buffer, header: Json = {}): string {
  const input = `${encoded({ alg, ...header })}.${encoded(claims)}`;
  return `${input}.${createHmac(`sha${alg.slice(2)}`, secret)
    .update(input)
    .digest('base64url')}`;
}
