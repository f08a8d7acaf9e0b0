import { hash } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { GatewayError } from '../../errors.ts';

/** Bounds of a JWK set. */
export const keySetBounds = { bytes: 256 * 1024, keys: 100 } as const;

/** The keys that an issuer shows at one time. */
export interface KeySet {
  readonly digest: string;
  readonly keyFor: ReturnType<typeof createLocalJWKSet>;
}

/**
 * Reads a JWK set (RFC 7517 section 5).
 *
 * @throws GatewayError HF_GATEWAY_CONFIGURATION where it is none, too long, or has a key that should be nobody's to see
 */
export function parseKeySet(text: string): KeySet {
  if (Buffer.byteLength(text) > keySetBounds.bytes) throw bad(`a JWK set has at most ${keySetBounds.bytes} bytes`);
  const set = parsed(text) as { readonly keys?: unknown } | null;
  const keys = typeof set === 'object' && set !== null ? set.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > keySetBounds.keys) {
    throw bad(`a JWK set has from 1 to ${keySetBounds.keys} keys`);
  }
  for (const key of keys as readonly unknown[]) requirePublic(key);
  const known = { keys: keys as JSONWebKeySet['keys'] };
  try {
    return { digest: hash('sha256', JSON.stringify(known), 'hex'), keyFor: createLocalJWKSet(known) };
  } catch (cause) {
    throw bad('this is no JWK set', cause);
  }
}

/** RFC 7518 section 6: `k` is a secret that both sides have, `d` a private key. */
function requirePublic(key: unknown): void {
  if (typeof key !== 'object' || key === null || !('kty' in key))
    throw bad('a JWK set has something in it that is no key');
  if (key.kty === 'oct' || 'd' in key || 'k' in key || 'priv' in key) throw bad('a JWK set shows a secret');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw bad('a JWK set is JSON', cause);
  }
}

const bad = (message: string, cause?: unknown): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where: 'gateway.callers.tokens.keys', cause });
