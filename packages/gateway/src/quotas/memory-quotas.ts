import type { Caller } from '../callers/caller.ts';
import { type Bucket, levelAt, millisecondsUntil } from './bucket.ts';
import { BucketTable } from './bucket-table.ts';
import { type CountedQuota, eachBucket } from './declared-quota.ts';
import type { Cost, Grant, Quotas } from './quota.ts';

/** Buckets of one quota that are not full. Callers beyond are refused until there is room. */
const mostBuckets = 100_000;

/**
 * Token buckets in this process (J. Turner, "New directions in communications", 1986): over any time a caller gets at most the burst
 * and what flows in during it, exactly.
 *
 * A request takes from all of its buckets or from none. Milliseconds are whole; a clock that goes back lets nothing flow in until it is
 * where it was, so one that only goes forward is to be preferred.
 */
export class MemoryQuotas implements Quotas {
  readonly #quotas: readonly CountedQuota[];
  readonly #tables: readonly BucketTable[];
  // Of the request that is being looked at: kept, so that nothing has to be made for each.
  readonly #places: number[] = [];
  readonly #keys: string[] = [];
  readonly #buckets: (Bucket | undefined)[] = [];
  readonly #after: number[] = [];
  #count = 0;
  #now = 0;
  #left = Number.POSITIVE_INFINITY;
  #wait = 0;
  #short: CountedQuota | undefined;

  constructor(quotas: readonly CountedQuota[], most: number = mostBuckets) {
    this.#quotas = quotas;
    this.#tables = quotas.map((quota) => new BucketTable(quota, most));
  }

  /** Buckets that are kept. */
  get size(): number {
    return this.#tables.reduce((sum, table) => sum + table.size, 0);
  }

  take(caller: Caller, model: string, cost: Cost, nowMs: number): Grant {
    this.#begin(nowMs);
    eachBucket(this.#quotas, { caller, model, cost }, this.#look);
    if (this.#short !== undefined) return refusal(this.#short, this.#wait);
    for (let at = 0; at < this.#count; at++) this.#write(at);
    return { isGranted: true, left: this.#left };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #begin(nowMs: number): void {
    this.#count = 0;
    this.#now = Math.floor(nowMs);
    this.#left = Number.POSITIVE_INFINITY;
    this.#wait = 0;
    this.#short = undefined;
  }

  readonly #look = (quota: CountedQuota, place: number, key: string, parts: number): void => {
    const table = this.#tables[place] as BucketTable;
    const bucket = table.get(key);
    const level = bucket === undefined ? quota.capacity : levelAt(bucket, quota, this.#now);
    const after = level - parts;
    if (after < 0) {
      this.#miss(quota, parts > quota.capacity ? Number.POSITIVE_INFINITY : millisecondsUntil(-after, quota));
    } else if (bucket === undefined && !table.hasRoom(this.#now)) {
      this.#miss(quota, 1000);
    }
    const { unit } = quota;
    this.#left = Math.min(this.#left, (after - (after % unit)) / unit);
    this.#places[this.#count] = place;
    this.#keys[this.#count] = key;
    this.#buckets[this.#count] = bucket;
    this.#after[this.#count] = after;
    this.#count += 1;
  };

  /** The quota that keeps a request waiting longest is named. */
  #miss(quota: CountedQuota, wait: number): void {
    if (this.#short !== undefined && wait <= this.#wait) return;
    this.#short = quota;
    this.#wait = wait;
  }

  #write(at: number): void {
    const bucket = this.#buckets[at];
    const level = this.#after[at] as number;
    if (bucket === undefined) {
      (this.#tables[this.#places[at] as number] as BucketTable).add(this.#keys[at] as string, level, this.#now);
    } else {
      bucket.level = level;
      bucket.at = Math.max(bucket.at, this.#now);
    }
  }
}

/** @param wait milliseconds; infinite where the bucket never holds as much */
export function refusal(quota: CountedQuota, wait: number): Grant {
  const refused = { isGranted: false, quota: quota.name } as const;
  return wait === Number.POSITIVE_INFINITY ? refused : { ...refused, retryAfter: wait / 1000 };
}
