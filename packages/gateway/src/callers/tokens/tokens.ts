import { jwtVerify } from 'jose';
import { GatewayError } from '../../errors.ts';
import type { Caller } from '../caller.ts';
import type { TokenCallers } from '../callers.ts';
import { watchFileChanges } from '../watch-file.ts';
import { type ClaimNames, verifiedCaller } from './claims.ts';
import { defaultKeySetTimes, IssuerKeys, type KeySetTimes } from './issuer-keys.ts';
import { isAddress, keySetAt, keySetInFile, type ReadKeySet } from './read-key-set.ts';
import { isPlainToken, longestToken } from './token-shape.ts';
import { tokenDigest, VerifiedTokens } from './verified-tokens.ts';

/** Tokens of one issuer. */
export interface TokenOptions {
  readonly issuer: string;
  readonly audience: string;
  /** An HTTPS address or an absolute path of a JWK set. */
  readonly keys: string;
  readonly algorithms: readonly string[];
  /** The claim that lists roles; `roles` when left out. */
  readonly roles?: string;
  readonly tenant?: string;
  /** Milliseconds by which clocks may differ; 5 seconds when left out. Whole seconds count. */
  readonly tolerance?: number;
  readonly times?: KeySetTimes;
  /** Verified tokens that are remembered. */
  readonly most?: number;
}

/** What is told of an issuer. */
export interface TokenEvents {
  /** The JWK set could not be read, or is none. */
  unusable(error: unknown): void;
}

/** RFC 7518 section 3.1, RFC 8037 section 3.1: those whose verifier cannot sign. */
const asymmetric: ReadonlySet<string> = new Set(
  'ES256 ES384 ES512 EdDSA PS256 PS384 PS512 RS256 RS384 RS512'.split(' '),
);
/** A file is read again when it changes, and where it cannot be read none of its keys counts any more. */
const fileTimes: KeySetTimes = { ...defaultKeySetTimes, keep: 0, coolDown: 1000, retry: 1000 };

/**
 * JSON Web Tokens of one issuer (RFC 7519), as RFC 8725 wants them verified: pinned algorithms, keys of the issuer only, issuer,
 * audience, times, subject. One that was verified is known by its digest until its end, or until the issuer has other keys.
 */
export class Tokens implements TokenCallers {
  readonly #options: TokenOptions;
  readonly #names: ClaimNames;
  readonly #algorithms: ReadonlySet<string>;
  readonly #keys: IssuerKeys;
  readonly #verified: VerifiedTokens;
  readonly #unwatch: () => void;
  #version = 0;

  /** @throws GatewayError HF_GATEWAY_CONFIGURATION */
  constructor(options: TokenOptions, events: TokenEvents, read?: ReadKeySet) {
    const { issuer, algorithms, keys, roles = 'roles', tenant, tolerance = 5000, most = 10_000 } = options;
    requireSensible(algorithms, tolerance);
    this.#options = options;
    this.#names = {
      issuer,
      roles,
      tolerance: Math.floor(tolerance / 1000),
      ...(tenant === undefined ? {} : { tenant }),
    };
    this.#algorithms = new Set(algorithms);
    this.#verified = new VerifiedTokens(most);
    const isRemote = isAddress(keys);
    const reader = read ?? (isRemote ? keySetAt(keys) : keySetInFile(keys));
    const times = options.times ?? (isRemote ? defaultKeySetTimes : fileTimes);
    this.#keys = new IssuerKeys(reader, times, (error) => {
      events.unusable(error);
    });
    this.#unwatch = isRemote
      ? () => undefined
      : watchFileChanges(keys, () => {
          this.#keys.changed();
        });
  }

  callerOf(token: string, nowMs: number): Caller | undefined | Promise<Caller | undefined> {
    if (token.length > longestToken) return undefined;
    this.#keys.tend(nowMs);
    this.#follow();
    const digest = tokenDigest(token);
    const known = this.#verified.get(digest, nowMs);
    if (known !== undefined) return known.caller;
    return isPlainToken(token, this.#algorithms) ? this.#verify(token, digest, nowMs) : undefined;
  }

  /** Reads the keys before the first token comes. Never rejects: what is wrong is told. */
  prepare(nowMs: number): Promise<void> {
    return this.#keys.refresh(nowMs);
  }

  close(): void {
    this.#unwatch();
    this.#keys.close();
    this.#verified.clear();
  }

  /** Forgets what was verified with other keys than those of now. */
  #follow(): void {
    if (this.#version === this.#keys.version) return;
    this.#version = this.#keys.version;
    this.#verified.clear();
  }

  async #verify(token: string, digest: string, nowMs: number): Promise<Caller | undefined> {
    const { issuer, audience, algorithms } = this.#options;
    let version = 0;
    try {
      const { payload } = await jwtVerify(
        token,
        async (header, shown) => {
          const key = await this.#keys.keyFor(header, shown, nowMs);
          version = this.#keys.version;
          return key;
        },
        {
          ...{ issuer, audience, algorithms: [...algorithms], requiredClaims: ['iss', 'aud', 'exp', 'sub'] },
          ...{ clockTolerance: this.#names.tolerance, currentDate: new Date(nowMs) },
        },
      );
      const verified = verifiedCaller(payload, this.#names, nowMs);
      this.#follow();
      if (verified !== undefined && version === this.#version) this.#verified.add(digest, verified);
      return verified?.caller;
    } catch {
      return undefined;
    }
  }
}

function requireSensible(algorithms: readonly string[], tolerance: number): void {
  const odd = algorithms.find((algorithm) => !asymmetric.has(algorithm));
  if (odd !== undefined || algorithms.length === 0) {
    throw bad(odd === undefined ? 'no algorithm is pinned' : `\`${odd}\` is no algorithm with a public key`);
  }
  if (!(tolerance >= 0 && tolerance <= 300_000)) throw bad('clocks may differ by at most five minutes');
}

const bad = (message: string): GatewayError =>
  new GatewayError('HF_GATEWAY_CONFIGURATION', message, { where: 'gateway.callers.tokens' });
