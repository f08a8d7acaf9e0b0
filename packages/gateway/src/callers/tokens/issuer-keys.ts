import { errors, type JWTVerifyGetKey } from 'jose';
import { type KeySet, parseKeySet } from './key-set.ts';
import type { ReadKeySet } from './read-key-set.ts';

/** When a set is read, and how long it counts. Times in milliseconds. */
export interface KeySetTimes {
  /** After this long the set is read again, while the old one goes on. */
  readonly fresh: number;
  /** After this long without a reading that succeeds the old one does not count any more; 0: as soon as one fails. */
  readonly keep: number;
  /** A key that is not in the set has it read again, but not more often than this. */
  readonly coolDown: number;
  /** From a failure to the next try. */
  readonly retry: number;
  /** How long one reading may take. */
  readonly time: number;
}

/** Of an address. */
export const defaultKeySetTimes: KeySetTimes = {
  ...{ fresh: 300_000, keep: 600_000, coolDown: 30_000, retry: 5000, time: 5000 },
};

type Header = Parameters<JWTVerifyGetKey>[0];
type Token = Parameters<JWTVerifyGetKey>[1];

/** The keys of an issuer as they change: read when they are needed, when they grow old, and when a token names one that is not there. */
export class IssuerKeys {
  readonly #read: ReadKeySet;
  readonly #times: KeySetTimes;
  readonly #unusable: (error: unknown) => void;
  readonly #closing = new AbortController();
  #set: KeySet | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  #dueAt = Number.NEGATIVE_INFINITY;
  /** Before that nothing makes it be read again. */
  #restUntil = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #version = 0;

  /** @param unusable is told of every reading that fails */
  constructor(read: ReadKeySet, times: KeySetTimes, unusable: (error: unknown) => void) {
    this.#read = read;
    this.#times = times;
    this.#unusable = unusable;
  }

  /** Another number whenever the keys are others: what was verified with those before is to be verified again. */
  get version(): number {
    return this.#version;
  }

  /** Has the set read where it is old, without waiting. */
  tend(nowMs: number): void {
    if (nowMs >= this.#dueAt && nowMs >= this.#restUntil && this.#reading === undefined) void this.refresh(nowMs);
  }

  /** The set may have changed: it is due now. */
  changed(): void {
    this.#dueAt = Number.NEGATIVE_INFINITY;
    this.#restUntil = Number.NEGATIVE_INFINITY;
  }

  /** Reads the set, or waits for the reading that is under way. Never rejects. */
  refresh(nowMs: number): Promise<void> {
    this.#reading ??= this.#refresh(nowMs).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** @throws an error of jose's where there is no such key, or no set */
  async keyFor(header: Header, token: Token, nowMs: number): Promise<Awaited<ReturnType<KeySet['keyFor']>>> {
    if (this.#current(nowMs) === undefined && this.#mayRead(nowMs)) await this.refresh(nowMs);
    const set = this.#current(nowMs);
    if (set === undefined) throw new errors.JWKSNoMatchingKey();
    try {
      return await set.keyFor(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.#mayRead(nowMs)) throw error;
    }
    await this.refresh(nowMs);
    const next = this.#current(nowMs);
    if (next === undefined) throw new errors.JWKSNoMatchingKey();
    return next.keyFor(header, token);
  }

  close(): void {
    this.#closing.abort();
    this.#set = undefined;
  }

  #current(nowMs: number): KeySet | undefined {
    return this.#times.keep === 0 || nowMs - this.#readAt < this.#times.keep ? this.#set : undefined;
  }

  #mayRead(nowMs: number): boolean {
    return this.#reading !== undefined || nowMs >= this.#restUntil;
  }

  async #refresh(nowMs: number): Promise<void> {
    // A change that comes while it is read is one for the next reading.
    this.#dueAt = nowMs + this.#times.fresh;
    this.#restUntil = nowMs + this.#times.coolDown;
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#times.time)]);
      const set = parseKeySet(await this.#read(signal));
      if (this.#closing.signal.aborted) return;
      if (set.digest !== this.#set?.digest) this.#change(set);
      this.#readAt = nowMs;
    } catch (error) {
      this.#restUntil = Math.min(this.#restUntil, nowMs + this.#times.retry);
      this.#dueAt = Math.min(this.#dueAt, this.#restUntil);
      if (this.#times.keep === 0) this.#change(undefined);
      if (!this.#closing.signal.aborted) this.#unusable(error);
    }
  }

  #change(set: KeySet | undefined): void {
    this.#set = set;
    this.#version += 1;
  }
}
