import { GatewayError } from '../errors.ts';
import type { Authenticator, Caller, Credentials } from './caller.ts';

/** Keys that callers were given. */
export interface KeyCallers {
  callerOf(text: string, nowMs: number): Caller | undefined;
  close(): void;
}

/** Tokens of an issuer. A promise only where one has to be verified. */
export interface TokenCallers {
  callerOf(token: string, nowMs: number): Caller | undefined | Promise<Caller | undefined>;
  close(): void;
}

/** Client certificates that are declared. */
export interface CertificateCallers {
  callerOf(certificate: NonNullable<Credentials['certificate']>, nowMs: number): Caller | undefined;
}

/** The ways in which callers can show who they are; what is left out is refused. */
export interface CallerSources {
  readonly keys?: KeyCallers;
  readonly tokens?: TokenCallers;
  readonly certificates?: CertificateCallers;
}

/** Nobody has to read more than this before saying no; RFC 9112 leaves the bound to the server. */
const longestShown = 16 * 1024;

/**
 * Finds out who asks by what a request shows, which has to be one thing: `authorization: Bearer` with a key or a token, `x-api-key`, or
 * a declared certificate. Whoever shows two has to be refused, as two readers could take them for two callers. A certificate that is not
 * declared says nothing, and does not count as shown. Every refusal is the same.
 */
export class Callers implements Authenticator {
  readonly #sources: CallerSources;

  constructor(sources: CallerSources) {
    this.#sources = sources;
  }

  authenticate({ authorization, apiKey, certificate }: Credentials, nowMs: number): Caller | Promise<Caller> {
    const known = certificate === undefined ? undefined : this.#sources.certificates?.callerOf(certificate, nowMs);
    if (authorization === undefined && apiKey === undefined) return known ?? refuse();
    if (known !== undefined || (authorization !== undefined && apiKey !== undefined)) return refuse();
    if (apiKey !== undefined) return this.#sources.keys?.callerOf(apiKey, nowMs) ?? refuse();
    return this.#bearer(authorization as string, nowMs);
  }

  close(): void {
    this.#sources.keys?.close();
    this.#sources.tokens?.close();
  }

  #bearer(authorization: string, nowMs: number): Caller | Promise<Caller> {
    const shown = bearerOf(authorization);
    if (shown.startsWith('hf_')) return this.#sources.keys?.callerOf(shown, nowMs) ?? refuse();
    const found = shown === '' ? undefined : this.#sources.tokens?.callerOf(shown, nowMs);
    if (!(found instanceof Promise)) return found ?? refuse();
    return found.then(
      (caller) => caller ?? refuse(),
      () => refuse(),
    );
  }
}

/** What follows `Bearer` and one space (RFC 6750 section 2.1; the scheme in any case, RFC 9110 section 11.1); '' when nothing does. */
function bearerOf(authorization: string): string {
  if (authorization.length > longestShown || authorization.charCodeAt(6) !== 32) return '';
  return authorization.slice(0, 6).toLowerCase() === 'bearer' ? authorization.slice(7) : '';
}

function refuse(): never {
  throw new GatewayError('HF_GATEWAY_NO_CALLER', 'no key, token or certificate that is good was shown');
}
