import { open } from 'node:fs/promises';
import { GatewayError } from '../../errors.ts';
import { keySetBounds } from './key-set.ts';

/** Gets the text of a JWK set from where it is. */
export type ReadKeySet = (signal: AbortSignal) => Promise<string>;

export const isAddress = (keys: string): boolean => /^https?:\/\//i.test(keys);

/** @throws GatewayError HF_GATEWAY_CONFIGURATION when it is read: not there, or too long */
export function keySetInFile(path: string): ReadKeySet {
  return async () => {
    const file = await open(path, 'r').catch((cause: unknown) => {
      throw bad('the JWK set cannot be read', cause);
    });
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(keySetBounds.bytes + 1), 0, keySetBounds.bytes + 1, 0);
      if (bytesRead > keySetBounds.bytes) throw tooLong();
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  };
}

/**
 * Asks an address, which is to be HTTPS elsewhere than on this machine: whoever could change the answer could make tokens. Nobody is
 * sent on to another address.
 *
 * @throws GatewayError HF_GATEWAY_CONFIGURATION for such an address, and when it is asked: no answer, or one that is too long
 */
export function keySetAt(address: string): ReadKeySet {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isTrusted = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url === undefined || !isTrusted || url.username !== '' || url.password !== '' || url.hash !== '') {
    throw bad('a JWK set comes from an HTTPS address without user name, or from this machine');
  }
  return async (signal) => {
    let answer: Response;
    try {
      const headers = { accept: 'application/jwk-set+json, application/json' };
      answer = await fetch(url, { redirect: 'error', credentials: 'omit', headers, signal });
    } catch (cause) {
      throw bad('the address of the JWK set does not answer', cause);
    }
    if (answer.status !== 200) {
      await answer.body?.cancel();
      throw bad(`the address of the JWK set answers with ${answer.status}`);
    }
    return bounded(answer);
  };
}

const isLoopback = (host: string): boolean =>
  host === '[::1]' || host === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host);

async function bounded(answer: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > keySetBounds.bytes) throw tooLong();
      pieces.push(piece);
    }
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : bad('the address of the JWK set does not answer to the end', cause);
  }
  return Buffer.concat(pieces).toString();
}

const tooLong = (): GatewayError => bad(`a JWK set has at most ${keySetBounds.bytes} bytes`);
const bad = (message: string, cause?: unknown): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where: 'gateway.callers.tokens.keys', cause });
