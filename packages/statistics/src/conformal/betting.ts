import { requireFraction, StatisticsError } from '../errors.ts';

/** A density on [0, 1], constant between edges: what a gambler pays out for a p-value, who believes that p-values are not uniform. */
export interface BettingFunction {
  /** Ascending, from 0 to 1. */
  readonly edges: readonly number[];
  /** One less than edges; the mean over [0, 1] is at most 1. */
  readonly densities: readonly number[];
}

/** Finer where p-values are small. */
const edges = [0, 0.002, 0.005, 0.01, 0.02, 0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1];

export interface BettingOptions {
  /** The part that is not put at stake, so that no p-value ruins it; 0.1 unless told otherwise. */
  readonly caution?: number;
  /** Part of the p-values that may be anything, even to one who is not to be accused; 0 unless told otherwise. */
  readonly contamination?: number;
}

/**
 * The best bet, for growth, against p-values like these: their density, made to fall (least squares under order, by pooling adjacent
 * violators: R. E. Barlow et al., "Statistical Inference under Order Restrictions", 1972), and mixed with a part of no bet. It is cut at a height
 * c and divided by 1 − ε + ε·c, so that its mean is at most 1 for p-values of which a part ε is anything and the others are uniform; c is
 * what lets it grow most.
 * @throws StatisticsError HF_STATISTICS_VALUES for no p-values, or one outside of [0, 1]; HF_STATISTICS_ARGUMENT
 */
export function bettingFunction(values: ArrayLike<number>, options: BettingOptions = {}): BettingFunction {
  const { caution = 0.1, contamination = 0 } = options;
  requireFraction('the part of no bet', caution);
  if (contamination !== 0) requireFraction('the contamination', contamination);
  const masses = massesOf(values);
  const widths = Float64Array.from(masses, (_, at) => (edges[at + 1] as number) - (edges[at] as number));
  const falling = pooled(masses, widths).map((density) => (1 - caution) * density + caution);
  let best = { growth: 0, densities: falling.map(() => 1) };
  for (const height of falling) {
    const densities = cut(falling, height, widths, contamination);
    const growth = densities.reduce((sum, density, at) => sum + (masses[at] as number) * Math.log(density), 0);
    if (growth > best.growth) best = { growth, densities };
  }
  return { edges, densities: best.densities };
}

function massesOf(values: ArrayLike<number>): Float64Array {
  const counts = new Float64Array(edges.length - 1);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number;
    if (!(value >= 0 && value <= 1))
      throw new StatisticsError('HF_STATISTICS_VALUES', 'a p-value lies outside of 0 to 1');
    const bin = binOf(edges, value);
    counts[bin] = (counts[bin] as number) + 1;
  }
  if (values.length === 0) throw new StatisticsError('HF_STATISTICS_VALUES', 'there are no p-values');
  return counts.map((count) => count / values.length);
}

function cut(falling: readonly number[], height: number, widths: Float64Array, contamination: number): number[] {
  const lower = falling.map((density) => Math.min(density, height));
  const mean = lower.reduce((sum, density, at) => sum + density * (widths[at] as number), 0);
  const greatest = height / mean;
  return lower.map((density) => density / mean / (1 - contamination + contamination * greatest));
}

/** Densities that fall, from the mass and the width of each bin. */
function pooled(masses: Float64Array, widths: Float64Array): number[] {
  const blocks: { mass: number; width: number; bins: number }[] = [];
  for (let at = 0; at < masses.length; at += 1) {
    let block = { mass: masses[at] as number, width: widths[at] as number, bins: 1 };
    for (
      let last = blocks.at(-1);
      last !== undefined && block.mass / block.width > last.mass / last.width;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = { mass: last.mass + block.mass, width: last.width + block.width, bins: last.bins + block.bins };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ mass, width, bins }) => new Array<number>(bins).fill(mass / width));
}

/** What the bet pays for a p-value. */
export function payoff({ edges: of, densities }: BettingFunction, p: number): number {
  return densities[binOf(of, p)] as number;
}

function binOf(of: readonly number[], value: number): number {
  let bin = 0;
  while (bin < of.length - 2 && value >= (of[bin + 1] as number)) bin += 1;
  return bin;
}

/**
 * The mixture of all power bets κ·p^(κ−1), κ uniform on [0, 1]: ∫ = (1 − p + p·ln p) / (p·ln² p). V. Vovk et al., "Plug-in martingales for testing
 * exchangeability on-line" (2012), section 2: it needs no knowledge of what p-values an attacker has.
 */
export function mixturePayoff(p: number): number {
  const log = Math.log(p);
  // Near 1 the formula is 0/0; its limit is 1/2.
  return log > -1e-4 ? 0.5 - log / 6 : (1 - p + p * log) / (p * log * log);
}
