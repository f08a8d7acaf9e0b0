import type { CountedQuota } from './declared-quota.ts';

/** What was in a bucket at a moment, in parts of tokens and whole milliseconds. */
export interface Bucket {
  level: number;
  at: number;
}

/**
 * What is in a bucket at a moment: what flowed in since it was looked at, and never more than it holds. A clock that goes back lets
 * nothing flow. All numbers are whole and below 2^53, but for the product, which is only compared where it is not: rounding keeps order.
 */
export function levelAt({ level, at }: Readonly<Bucket>, { inflow, capacity }: CountedQuota, now: number): number {
  if (now <= at) return level;
  const gained = (now - at) * inflow;
  return gained >= capacity - level ? capacity : level + gained;
}

/** Whole milliseconds until so many parts have flowed in; the quotient of a multiple is exact. */
export function millisecondsUntil(parts: number, { inflow }: CountedQuota): number {
  const left = parts % inflow;
  return (parts - left) / inflow + (left === 0 ? 0 : 1);
}
