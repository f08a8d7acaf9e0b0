/**
 * The median of the distances between any two values that differ, exactly, without listing them: O(n) for each of about 64 steps that
 * halve the float64 in which it lies. The mean of the two in the middle if the distances are even in number.
 * @param sorted in ascending order, the last less the first finite
 * @returns 0 if all values are equal
 */
export function medianDistance(sorted: Float64Array): number {
  const equal = pairsWithin(sorted, 0);
  const pairs = (sorted.length * (sorted.length - 1)) / 2 - equal;
  if (pairs === 0) return 0;
  const lower = ranked(sorted, equal + Math.ceil(pairs / 2));
  if (pairs % 2 === 1) return lower;
  const upper = ranked(sorted, equal + pairs / 2 + 1);
  return lower + (upper - lower) / 2;
}

/** How many pairs are no further apart. */
function pairsWithin(sorted: Float64Array, distance: number): number {
  let count = 0;
  let first = 0;
  for (let last = 1; last < sorted.length; last += 1) {
    const value = sorted[last] ?? 0;
    while (value - (sorted[first] ?? 0) > distance) first += 1;
    count += last - first;
  }
  return count;
}

/** The smallest distance that at least so many pairs are within. */
function ranked(sorted: Float64Array, rank: number): number {
  const number = new Float64Array(1);
  const bits = new BigUint64Array(number.buffer);
  number[0] = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  let low = 0n;
  let high = bits[0] ?? 0n;
  // Positive float64 have the order of their bits.
  while (low < high) {
    bits[0] = (low + high) >> 1n;
    if (pairsWithin(sorted, number[0]) >= rank) high = (low + high) >> 1n;
    else low = ((low + high) >> 1n) + 1n;
  }
  bits[0] = high;
  return number[0];
}
