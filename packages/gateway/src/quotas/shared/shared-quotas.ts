import { hash, randomUUID } from 'node:crypto';
import type { Caller } from '../../callers/caller.ts';
import { GatewayError } from '../../errors.ts';
import { Breaker } from '../../http/breaker.ts';
import { type CountedQuota, eachBucket } from '../declared-quota.ts';
import { MemoryQuotas, refusal } from '../memory-quotas.ts';
import type { Cost, Grant, Quotas } from '../quota.ts';
import { Counter } from './counter.ts';
import { type AskedBucket, Leases } from './leases.ts';

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
  /** Remembers beyond this process that it has counted there; without it a process that starts anew does not know. */
  readonly memory?: CountedBefore;
  /**
   * Takes for some requests at once, for a hundredth of the time in which a bucket fills, a second at most: any time's use is beyond what
   * is declared by no more than what flows in during that. Without it each request asks.
   */
  readonly leases?: boolean;
}

export interface CountedBefore {
  has(): boolean;
  remember(): void;
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
  readonly #leases: Leases | undefined;
  #epoch: string | undefined;
  #beginning: Promise<string> | undefined;
  #hasCounted = false;
  #isLost = false;

  private constructor(options: SharedOptions, events: SharedEvents) {
    this.#options = options;
    this.#events = events;
    this.#own = new MemoryQuotas(options.quotas);
    this.#names = options.quotas.map((quota) => JSON.stringify(quota));
    this.#since = `holdfast:{${options.space}}:since`;
    this.#leases = options.leases === true ? new Leases() : undefined;
    this.#hasCounted = options.memory?.has() ?? false;
    this.#counter = new Counter(options.address, options.timeMs ?? 5, {
      failed: (error) => {
        this.#lose(error);
      },
      connected: () => {
        this.#forgetEpoch();
      },
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
    const asked = this.#bucketsOf(caller, model, cost);
    if (asked.length === 0) return { isGranted: true, left: Number.POSITIVE_INFINITY };
    const left = this.#leases?.take(asked, nowMs);
    if (left !== undefined) return { isGranted: true, left };
    const rest = this.#breaker.wait(nowMs);
    if (rest > 0) return this.#alone(caller, model, cost, nowMs);
    return this.#count(asked, nowMs).then(
      (grant) => {
        this.#find();
        return grant;
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

  /** Where the server counts in another epoch by now, it is asked which, and then once more. */
  async #count(asked: readonly AskedBucket[], nowMs: number): Promise<Grant> {
    for (let times = 0; times < 3; times++) {
      const epoch = this.#epoch ?? (await this.#begin());
      const wanted = asked.map((bucket) => this.#leases?.wanted(bucket, nowMs) ?? nothing);
      const keys = [this.#since, ...asked.map((bucket) => this.#keyOf(epoch, bucket))];
      const numbers = asked.flatMap(({ quota: { capacity, inflow }, parts }, at) => {
        const { extra, back } = wanted[at] ?? nothing;
        return [capacity, inflow, Math.min(parts, capacity + 1), extra, back];
      });
      const [state, ...told] = await this.#counter.take(keys, [epoch, ...numbers.map(String)]);
      if (state === 1) return this.#granted(asked, told, nowMs, epoch);
      if (state === 0) return refusedBy(asked, told);
      this.#forgetEpoch();
    }
    throw new Error('the server counts in another epoch each time');
  }

  #granted(asked: readonly AskedBucket[], told: readonly number[], nowMs: number, epoch: string): Grant {
    const left = asked.map(({ quota: { unit } }, at) => Math.floor((told[at] as number) / unit));
    if (epoch === this.#epoch) {
      for (const [at, bucket] of asked.entries())
        this.#leases?.put(bucket, told[asked.length + at] ?? 0, told[at] ?? 0, nowMs);
    }
    return { isGranted: true, left: Math.min(...left) };
  }

  #begin(): Promise<string> {
    this.#beginning ??= this.#counter
      .begin(this.#since, randomUUID(), this.#hasCounted)
      .then((epoch) => {
        this.#epoch = epoch;
        return epoch;
      })
      .finally(() => {
        this.#beginning = undefined;
      });
    return this.#beginning;
  }

  #forgetEpoch(): void {
    this.#epoch = undefined;
    this.#leases?.clear();
  }

  #bucketsOf(caller: Caller, model: string, cost: Cost): readonly AskedBucket[] {
    const asked: AskedBucket[] = [];
    eachBucket(this.#options.quotas, { caller, model, cost }, (quota, place, key, parts) => {
      asked.push({ quota, place, key, parts });
    });
    return asked;
  }

  /** Digested, so that no name of a caller lies on the server. A quota that is declared otherwise has other buckets. */
  #keyOf(epoch: string, { place, key }: AskedBucket): string {
    const digest = hash('sha256', `${epoch}\n${this.#names[place] as string}\n${key}`, 'base64url');
    return `holdfast:{${this.#options.space}}:${digest}`;
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
    if (!this.#hasCounted) this.#options.memory?.remember();
    this.#hasCounted = true;
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#events.found();
  }
}

const nothing = { extra: 0, back: 0 } as const;

function refusedBy(asked: readonly AskedBucket[], [place = 1, wait = -1]: readonly number[]): Grant {
  const { quota } = asked[place - 1] as AskedBucket;
  return refusal(quota, wait < 0 ? Number.POSITIVE_INFINITY : wait);
}
