import type { ShingleSets } from './shingle-sets.ts';

/** Shared hashes by all hashes of two sets. */
export function jaccard(sets: ShingleSets, one: number, other: number): number {
  const shared = sharedOf(sets, one, other, 0);
  return shared / (sets.size(one) + sets.size(other) - shared);
}

/** Whether two sets have at least this much in common; stops as soon as they cannot. */
export function isSimilar(sets: ShingleSets, one: number, other: number, threshold: number): boolean {
  const [first, second] = [sets.size(one), sets.size(other)];
  // shared / (first + second − shared) ≥ threshold
  const needed = Math.ceil((threshold / (1 + threshold)) * (first + second) - 1e-9);
  if (Math.min(first, second) < needed) return false;
  return sharedOf(sets, one, other, needed) >= needed;
}

function sharedOf(sets: ShingleSets, one: number, other: number, needed: number): number {
  const { values, starts } = sets;
  let [left, right] = [starts[one] ?? 0, starts[other] ?? 0];
  const [leftEnd, rightEnd] = [starts[one + 1] ?? 0, starts[other + 1] ?? 0];
  let missable = Math.min(leftEnd - left, rightEnd - right) - needed;
  let shared = 0;
  const isLeftShorter = leftEnd - left <= rightEnd - right;
  while (left < leftEnd && right < rightEnd) {
    const [a, b] = [values[left] ?? 0, values[right] ?? 0];
    if (a === b) {
      shared += 1;
      left += 1;
      right += 1;
    } else {
      if (a < b === isLeftShorter && (missable -= 1) < 0) return 0;
      if (a < b) left += 1;
      else right += 1;
    }
  }
  return shared;
}
