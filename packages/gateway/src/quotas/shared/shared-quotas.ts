import { hash } from 'node:crypto';
import type { Caller } from '../../callers/caller.ts';
import { GatewayError } from '../../errors.ts';
import { Breaker } from '../../http/breaker.ts';
import { type CountedQuota, eachBucket } from '../declared-quota.ts';
import { MemoryQuotas, refusal } from '../memory-quotas.ts';
import type { Cost, Grant, Quotas } from '../quota.ts';
import { Counter } from './counter.ts';

/** What is told of the server that counts for all. */
export interface SharedEvents {
  /** It could not be asked, for the first time since it could. */
  lost(error: unknown): void;
  /** It answers again. */
  found(): void;
  /** One request was decided without it, as is declared: counted by this replica, or refused. */
  alone?(fail: 'open' | 'closed'): void;
}

export interface SharedOptions {
  readonly quotas: readonly CountedQuota[];
  /** `redis://127.0.0.1:6379` */
  readonly address: string;
  /** What happens while it cannot be asked: every replica counts for itself, or nobody is served. */
  readonly fail: 'open' | 'closed';
  /** Gateways with the same count together. */
  readonly space: string;
  /** How long an answer may take, in milliseconds; 5 when left out. */
  readonly timeMs?: number;
}

const breakerLimits = { failures: 3, restMs: 1000 };

/**
 * Token buckets that all replicas take from, in one place with one clock: exact for as long as the server keeps what it was told. It
 * has to keep keys until they expire (`maxmemory-policy noeviction`).
 */
export class SharedQuotas implements Quotas {
  readonly #options: SharedOptions;
  readonly #events: SharedEvents;
  readonly #counter: Counter;
  readonly #names: readonly string[];
  readonly #own: MemoryQuotas;
  readonly #breaker = new Breaker(breakerLimits);
  readonly #since: string;
  #hasCounted = false;
  #isLost = false;

  private constructor(options: SharedOptions, events: SharedEvents) {
    this.#options = options;
    this.#events = events;
    this.#own = new MemoryQuotas(options.quotas);
    this.#names = options.quotas.map((quota) => JSON.stringify(quota));
    this.#since = `holdfast:{${options.space}}:since`;
    this.#counter = new Counter(options.address, options.timeMs ?? 5, (error) => {
      this.#lose(error);
    });
  }

  /** Connects. Where the server is not there, that is told, and what is declared for it happens until it is. */
  static async open(options: SharedOptions, events: SharedEvents): Promise<SharedQuotas> {
    const quotas = new SharedQuotas(options, events);
    await quotas.#counter.connect();
    return quotas;
  }

  /** @throws GatewayError HF_GATEWAY_COUNTER where the server cannot be asked and nobody is to be served then */
  take(caller: Caller, model: string, cost: Cost, nowMs: number): Grant | Promise<Grant> {
    const { keys, args, quotas } = this.#bucketsOf(caller, model, cost);
    if (quotas.length === 0) return { isGranted: true, left: Number.POSITIVE_INFINITY };
    const rest = this.#breaker.wait(nowMs);
    if (rest > 0) return this.#alone(caller, model, cost, nowMs);
    return this.#counter.take(keys, args).then(
      (answer) => {
        this.#find();
        return grantOf(answer, quotas);
      },
      (error: unknown) => {
        this.#breaker.failed(nowMs);
        this.#lose(error);
        return this.#alone(caller, model, cost, nowMs);
      },
    );
  }

  close(): Promise<void> {
    this.#counter.close();
    return this.#own.close();
  }

  #bucketsOf(caller: Caller, model: string, cost: Cost) {
    const keys = [this.#since];
    const args = [this.#hasCounted ? '1' : '0'];
    const quotas: CountedQuota[] = [];
    eachBucket(this.#options.quotas, { caller, model, cost }, (quota, place, key, parts) => {
      keys.push(this.#keyOf(place, key));
      args.push(`${quota.capacity}`, `${quota.inflow}`, parts > quota.capacity ? `${quota.capacity + 1}` : `${parts}`);
      quotas.push(quota);
    });
    return { keys, args, quotas };
  }

  /** Digested, so that no name of a caller lies on the server. A quota that is declared otherwise has other buckets. */
  #keyOf(place: number, key: string): string {
    return `holdfast:{${this.#options.space}}:${hash('sha256', `${this.#names[place] as string}\n${key}`, 'base64url')}`;
  }

  #alone(caller: Caller, model: string, cost: Cost, nowMs: number): Grant {
    const { fail } = this.#options;
    this.#events.alone?.(fail);
    if (fail === 'open') return this.#own.take(caller, model, cost, nowMs);
    throw new GatewayError('HF_GATEWAY_COUNTER', 'what callers use cannot be counted at the moment', {
      retryAfter: breakerLimits.restMs / 1000,
    });
  }

  #lose(error: unknown): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#events.lost(error);
  }

  #find(): void {
    this.#breaker.succeeded();
    this.#hasCounted = true;
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#events.found();
  }
}

function grantOf([isGranted, ...rest]: readonly number[], quotas: readonly CountedQuota[]): Grant {
  if (isGranted === 1) {
    const left = quotas.map(({ unit }, at) => Math.floor((rest[at] as number) / unit));
    return { isGranted: true, left: Math.min(...left) };
  }
  const [place = 1, wait = -1] = rest;
  return refusal(quotas[place - 1] as CountedQuota, wait < 0 ? Number.POSITIVE_INFINITY : wait);
}
