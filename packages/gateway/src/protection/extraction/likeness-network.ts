import type { Random } from '@holdfast/statistics';
import type { RowEncoder } from './row-encoding.ts';

/** One hidden layer of rectified units. Plain JSON: hidden × (width + 1) weights, row after row, then hidden + 1. */
export interface LikenessNetwork {
  readonly hidden: number;
  readonly width: number;
  readonly weights: readonly number[];
}

const hidden = 24;
const batch = 48;

/**
 * Learns to tell real rows from made-up ones: the logit is then, up to a constant, the logarithm of how much more likely a row is among the
 * made-up ones (T. Hastie et al., "The Elements of Statistical Learning" (2009), section 14.2.4: density estimation as a supervised problem).
 * Adam, D. P. Kingma, J. Ba (2014), with weight decay.
 * @param draw a row and 1 if it is made up, 0 if it is real
 */
export function trainLikeness(
  encoder: RowEncoder,
  draw: () => { row: Float64Array; target: number },
  random: Random,
  steps: number,
): LikenessNetwork {
  const { width } = encoder;
  const size = hidden * (width + 1) + hidden + 1;
  const weights = Float64Array.from({ length: size }, () => random.normal() * Math.sqrt(1 / (width + 1)));
  const [first, second, gradient] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  const units = new Float64Array(hidden);
  for (let time = 1; time <= steps; time += 1) {
    gradient.fill(0);
    for (let each = 0; each < batch; each += 1) {
      const { row, target } = draw();
      const encoded = encoder.encode(row);
      const logit = forward(weights, width, units, encoded);
      addGradient({ gradient, weights, width, units }, encoded, (1 / (1 + Math.exp(-logit)) - target) / batch);
    }
    const rate = 0.01 * (1 - (0.9 * time) / steps);
    const [fix1, fix2] = [1 - 0.9 ** time, 1 - 0.999 ** time];
    for (let at = 0; at < size; at += 1) {
      const slope = (gradient[at] as number) + 3e-4 * (weights[at] as number);
      first[at] = 0.9 * (first[at] as number) + 0.1 * slope;
      second[at] = 0.999 * (second[at] as number) + 0.001 * slope * slope;
      const move = (first[at] as number) / fix1 / (Math.sqrt((second[at] as number) / fix2) + 1e-8);
      weights[at] = (weights[at] as number) - rate * move;
    }
  }
  return { hidden, width, weights: [...weights] };
}

type Encoded = ReturnType<RowEncoder['encode']>;

function forward(weights: Float64Array, width: number, units: Float64Array, { scaled, places }: Encoded): number {
  const outer = units.length * (width + 1);
  let logit = weights[outer + units.length] as number;
  for (let unit = 0; unit < units.length; unit += 1) {
    const start = unit * (width + 1);
    let sum = weights[start + width] as number;
    for (let at = 0; at < scaled.length; at += 1) sum += (weights[start + at] as number) * (scaled[at] as number);
    for (let at = 0; at < places.length; at += 1) sum += weights[start + (places[at] as number)] as number;
    units[unit] = sum > 0 ? sum : 0;
    if (sum > 0) logit += (weights[outer + unit] as number) * sum;
  }
  return logit;
}

interface Training {
  readonly gradient: Float64Array;
  readonly weights: Float64Array;
  readonly width: number;
  readonly units: Float64Array;
}

function addGradient({ gradient, weights, width, units }: Training, { scaled, places }: Encoded, off: number): void {
  const outer = units.length * (width + 1);
  add(gradient, outer + units.length, off);
  for (let unit = 0; unit < units.length; unit += 1) {
    const value = units[unit] as number;
    if (value === 0) continue;
    add(gradient, outer + unit, off * value);
    const back = off * (weights[outer + unit] as number);
    const start = unit * (width + 1);
    for (let at = 0; at < scaled.length; at += 1) {
      add(gradient, start + at, back * (scaled[at] as number));
    }
    for (const place of places) add(gradient, start + place, back);
    add(gradient, start + width, back);
  }
}

function add(to: Float64Array, at: number, value: number): void {
  to[at] = (to[at] as number) + value;
}

/** The logit of a row: greater is less like real ones. Nothing is allocated. */
export function likenessScore(
  networks: readonly LikenessNetwork[],
  encoder: RowEncoder,
): (row: Float64Array) => number {
  const all = networks.map(({ weights, hidden: count }) => ({
    weights: Float64Array.from(weights),
    units: new Float64Array(count),
  }));
  return (row) => {
    const encoded = encoder.encode(row);
    let sum = 0;
    for (const { weights, units } of all) sum += forward(weights, encoder.width, units, encoded);
    return sum / all.length;
  };
}
