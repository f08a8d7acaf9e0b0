import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { domainProperty, type Method } from './method.ts';

interface HashParameters {
  readonly domain?: string;
  readonly bytes: number;
  readonly normalise: 'none' | 'letters';
  readonly encoding: 'hex' | 'base64url';
}

/** HMAC-SHA-256 of the UTF-8 of a text: 32 bytes. */
export const hmac = (secret: KeyObject, text: string): Buffer =>
  createHmac('sha256', secret).update(text, 'utf8').digest();

/**
 * HMAC-SHA-256 (RFC 2104) of the UTF-8 of the value under a key for the `domain`, its first `bytes`. Equal values stay equal, in all
 * outputs of one key and one domain; nobody without the key can try values out.
 */
export const hash: Method<HashParameters> = {
  title: 'HMAC-SHA-256 under a key: equal values stay equal',
  parameters: {
    properties: {
      domain: { ...domainProperty, description: 'the name of the column unless given' },
      bytes: { type: 'integer', minimum: 16, maximum: 32, default: 32 },
      normalise: {
        enum: ['none', 'letters'],
        default: 'none',
        description: '`letters`: Unicode NFKC, lower case, and no blanks around',
      },
      encoding: { enum: ['hex', 'base64url'], default: 'hex' },
    },
  },
  make({ domain, bytes, normalise, encoding }, { column, key }) {
    const secret = createSecretKey(key().derived('hash', domain ?? column.name));
    return {
      ...{ beside: [], type: 'VARCHAR' },
      transform(text) {
        const value = normalise === 'letters' ? text.normalize('NFKC').trim().toLowerCase() : text;
        return hmac(secret, value).toString(encoding, 0, bytes);
      },
    };
  },
};
