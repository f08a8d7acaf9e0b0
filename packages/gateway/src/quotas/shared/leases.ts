import type { CountedQuota } from '../declared-quota.ts';

/** What a request takes from one bucket. */
export interface AskedBucket {
  readonly quota: CountedQuota;
  /** Of the quota among those declared. */
  readonly place: number;
  /** Whose bucket it is. */
  readonly key: string;
  readonly parts: number;
}

/** Parts taken ahead, and until when they may be given out, in milliseconds of the clock that requests come with. */
interface Lease {
  held: number;
  until: number;
  /** What was left in the bucket itself when it was asked last. */
  left: number;
  /** What was taken since then, and when that was. */
  taken: number;
  since: number;
}

const longestMs = 1000;
/** Of the time in which a bucket fills. */
const share = 0.01;
const mostLeases = 10_000;

/** Milliseconds that parts of a bucket may be held: so long that what flows in meanwhile is a hundredth of what it holds. */
export const leaseMs = ({ capacity, inflow }: CountedQuota): number => Math.min(longestMs, (share * capacity) / inflow);

/**
 * Parts of shared buckets that this replica has taken ahead, as many as it needed lately. They were counted when they were taken: over any
 * time callers get what the bucket grants and what was held at its beginning, which is no more than flows in during one lease.
 */
export class Leases {
  readonly #leases = new Map<string, Lease>();

  /** Takes from what is held of every bucket, or from none; how many requests of this kind are left, or undefined. */
  take(asked: readonly AskedBucket[], nowMs: number): number | undefined {
    let left = Number.POSITIVE_INFINITY;
    for (const bucket of asked) {
      const lease = this.#leases.get(nameOf(bucket));
      if (lease === undefined || nowMs >= lease.until || lease.held < bucket.parts) return undefined;
      left = Math.min(left, Math.floor((lease.held - bucket.parts + lease.left) / bucket.quota.unit));
    }
    for (const bucket of asked) {
      const lease = this.#leases.get(nameOf(bucket)) as Lease;
      lease.held -= bucket.parts;
      lease.taken += bucket.parts;
    }
    return left;
  }

  /** What to ask for beyond a request, and what is given back; from here on nothing of it is held. */
  wanted(bucket: AskedBucket, nowMs: number): { readonly extra: number; readonly back: number } {
    const lease = this.#leases.get(nameOf(bucket));
    if (lease === undefined) return { extra: 0, back: 0 };
    const back = lease.held;
    lease.held = 0;
    const during = nowMs - lease.since;
    const span = leaseMs(bucket.quota);
    // What one request takes is no demand for more: only what came after it within a lease is.
    const extra = during > 0 && during < longestMs ? Math.floor((lease.taken * span) / Math.max(during, span)) : 0;
    return { extra, back };
  }

  /** @param extra what was taken beyond the request @param left what the bucket still holds */
  put(bucket: AskedBucket, extra: number, left: number, nowMs: number): void {
    const name = nameOf(bucket);
    const lease = this.#leases.get(name);
    const until = nowMs + leaseMs(bucket.quota);
    if (lease === undefined) {
      if (this.#leases.size >= mostLeases) this.#leases.clear();
      this.#leases.set(name, { held: extra, until, left, taken: bucket.parts, since: nowMs });
      return;
    }
    // Of several the one that ends first counts for all.
    lease.until = lease.held > 0 ? Math.min(lease.until, until) : until;
    lease.held += extra;
    lease.left = left;
    lease.taken = nowMs === lease.since ? lease.taken + bucket.parts : bucket.parts;
    lease.since = nowMs;
  }

  clear(): void {
    this.#leases.clear();
  }
}

const nameOf = ({ place, key }: AskedBucket): string => `${place} ${key}`;
