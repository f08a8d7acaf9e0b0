import { hash } from 'node:crypto';
import type { Caller } from '../caller.ts';

/** Whose a token is, and when it counts. Times in milliseconds. */
export interface Verified {
  readonly caller: Caller;
  readonly from: number;
  readonly until: number;
}

/** Tokens that were verified, by SHA-256, so that no token is kept: those used last, and so many at most. */
export class VerifiedTokens {
  readonly #most: number;
  readonly #held = new Map<string, Verified>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#held.size;
  }

  /** @param digest of {@link tokenDigest} */
  get(digest: string, nowMs: number): Verified | undefined {
    const known = this.#held.get(digest);
    if (known === undefined) return undefined;
    this.#held.delete(digest);
    if (nowMs >= known.until) return undefined;
    this.#held.set(digest, known);
    return nowMs >= known.from ? known : undefined;
  }

  add(digest: string, verified: Verified): void {
    const [oldest] = this.#held.size >= this.#most ? this.#held.keys() : [];
    if (oldest !== undefined) this.#held.delete(oldest);
    this.#held.set(digest, verified);
  }

  clear(): void {
    this.#held.clear();
  }
}

export const tokenDigest = (token: string): string => hash('sha256', token, 'hex');
