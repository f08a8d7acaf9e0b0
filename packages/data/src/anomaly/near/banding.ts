import { type Banding, rowWork } from './signature.ts';

/** How often at most a pair at the threshold may be missed. */
const missed = 0.004;
const mostHashes = 768;

/** Nanoseconds, roughly; only their proportions matter. */
const cost = { hash: 2, band: 30, pair: 60 };

/**
 * The cheapest banding of those that miss a pair at the threshold with a chance of at most {@link missed}: (1 − t^rows)^bands.
 * More rows a band leave fewer pairs to be compared, and cost more to work out: how many there are is seen in a sample.
 *
 * @param size hashes of a set, on average
 * @param pairs how many pairs there are
 * @param sampled the similarity of some of them, drawn at random
 */
export function bandingFor(
  threshold: number,
  { sets, size, pairs }: { readonly sets: number; readonly size: number; readonly pairs: number },
  sampled: readonly number[],
): Banding {
  let best: Banding = { bands: 1, rows: 1 };
  let least = Number.POSITIVE_INFINITY;
  for (let rows = 1; rows <= 24; rows += 1) {
    const bands = threshold >= 1 ? 1 : Math.ceil(Math.log(missed) / Math.log1p(-(threshold ** rows)));
    if (rows > 1 && bands * rows > mostHashes) break;
    const chance =
      sampled.reduce((sum, each) => sum + 1 - (1 - each ** rows) ** bands, 0) / Math.max(1, sampled.length);
    const spent =
      sets * bands * (rows * rowWork(size, bands * rows) * cost.hash + cost.band) + pairs * chance * cost.pair;
    if (spent < least) [best, least] = [{ bands, rows }, spent];
  }
  return best;
}
