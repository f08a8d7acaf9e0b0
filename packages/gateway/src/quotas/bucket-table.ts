import { type Bucket, levelAt } from './bucket.ts';
import type { CountedQuota } from './declared-quota.ts';

/** Buckets that are looked at for each that is added: two would be enough to empty a table that nobody uses any more. */
const looks = 4;
/** Milliseconds between looks through all of a table that is full. */
const sweepEvery = 1000;

/** The buckets of one quota. One that is full is the same as none, so that only those in use are kept, and so many at most. */
export class BucketTable {
  readonly #quota: CountedQuota;
  readonly #most: number;
  readonly #held = new Map<string, Bucket>();
  #walk: Iterator<[string, Bucket]> = this.#held.entries();
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor(quota: CountedQuota, most: number) {
    this.#quota = quota;
    this.#most = most;
  }

  get size(): number {
    return this.#held.size;
  }

  get(key: string): Bucket | undefined {
    return this.#held.get(key);
  }

  /** Whether there is room for one more bucket that is not full. */
  hasRoom(now: number): boolean {
    if (this.#held.size < this.#most) return true;
    if (now - this.#sweptAt < sweepEvery) return false;
    this.#sweptAt = now;
    for (const [key, bucket] of this.#held) this.#dropIfFull(key, bucket, now);
    return this.#held.size < this.#most;
  }

  add(key: string, level: number, now: number): void {
    this.#look(now);
    this.#held.set(key, { level, at: now });
  }

  #look(now: number): void {
    for (let times = 0; times < looks; times++) {
      const step = this.#walk.next();
      if (step.done === true) {
        this.#walk = this.#held.entries();
        return;
      }
      this.#dropIfFull(step.value[0], step.value[1], now);
    }
  }

  #dropIfFull(key: string, bucket: Bucket, now: number): void {
    if (levelAt(bucket, this.#quota, now) === this.#quota.capacity) this.#held.delete(key);
  }
}
