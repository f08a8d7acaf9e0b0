import { quantile } from '@holdfast/statistics';

/** How a score is distributed among ordinary rows. */
export interface SurpriseState {
  /** The score that a part of the rows is at or above, from all down to one in twenty, and how far above the last they are on average. */
  readonly knots: readonly number[];
  readonly excess: number;
}

const parts = [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05];
const logs = Float64Array.from(parts, (part) => -Math.log(part));

export function fitSurprise(scores: Float64Array): SurpriseState {
  const knots = parts.map((part) => quantile(scores, 1 - part));
  const last = knots.at(-1) ?? 0;
  const above = scores.filter((score) => score > last);
  const excess = above.reduce((sum, score) => sum + score - last, 0) / Math.max(above.length, 1);
  return { knots, excess: Math.max(excess, 1e-9 * Math.max(Math.abs(last), 1)) };
}

/** −ln of the part of ordinary rows that score as high, beyond the last knot as an exponential tail has it: scores of different kinds in one unit. */
export function surpriseOf({ knots, excess }: SurpriseState): (score: number) => number {
  const at = Float64Array.from(knots);
  const last = at.length - 1;
  return (score) => {
    if (score >= (at[last] as number)) return (logs[last] as number) + (score - (at[last] as number)) / excess;
    let knot = 0;
    while (knot < last && (at[knot + 1] as number) <= score) knot += 1;
    const [from, to] = [at[knot] as number, at[knot + 1] as number];
    const along = to > from ? Math.max(0, (score - from) / (to - from)) : 0;
    return (logs[knot] as number) + along * ((logs[knot + 1] as number) - (logs[knot] as number));
  };
}
