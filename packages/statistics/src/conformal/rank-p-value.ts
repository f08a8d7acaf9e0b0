/**
 * The smoothed conformal p-value of a score that stands in a bin, among the scores of a bag that it is exchangeable with: uniform, and
 * independent of those before it if each joins the bag (V. Vovk et al., "Algorithmic Learning in a Random World", 2005, theorem 8.2).
 * Bins ascend; greater is stranger.
 * @param above how many of the bag are in greater bins
 * @param equal how many are in the same
 * @param size of the bag
 * @param uniform a fresh number in [0, 1)
 */
export function rankPValue(above: number, equal: number, size: number, uniform: number): number {
  return (above + (1 - uniform) * (equal + 1)) / (size + 1);
}
