import type { Ball, Bounds } from './ball.ts';

/** How far the boundary of a linear model is, and the way there. */
export interface LinearStep {
  /** Infinity where the bounds are before the boundary; NaN where there is no gradient and no gap. */
  readonly distance: number;
  readonly move: () => Float32Array;
}

/**
 * The shortest step by which a linear function grows by a gap.
 * @param gap above 0
 * @param slope its gradient
 * @param x where it starts
 */
export type Step = (gap: number, slope: Float32Array, x: Float32Array, bounds: Bounds) => LinearStep;

/** How far behind a boundary that the linear model meets exactly, as Foolbox 3.3.4 goes. */
const behind = 1e-4;

/** gap / ‖w‖₂, along w. */
const euclidean: Step = (gap, slope) => {
  let square = 0;
  for (const each of slope) square += each * each;
  const length = Math.sqrt(square);
  const distance = gap / length;
  return { distance, move: () => slope.map((each) => ((distance + behind) * each) / length) };
};

/** gap / ‖w‖₁, along sign(w). */
const cubic: Step = (gap, slope) => {
  let length = 0;
  for (const each of slope) length += Math.abs(each);
  const distance = gap / length;
  return { distance, move: () => slope.map((each) => (distance + behind) * Math.sign(each)) };
};

/** The numbers of the greatest |w| first, each as far as the bounds let it, until the gap is closed. */
const sparse: Step = (gap, slope, x, { low, high }) => {
  const order = Uint32Array.from(slope.keys()).sort(
    (a, b) => Math.abs(slope[b] as number) - Math.abs(slope[a] as number),
  );
  const moves = new Float32Array(slope.length);
  let [left, distance] = [gap * (1 + behind), 0];
  for (const index of order) {
    const each = slope[index] as number;
    if (left <= 0 || each === 0) break;
    const room = each > 0 ? high - (x[index] as number) : (x[index] as number) - low;
    const length = Math.min(room, left / Math.abs(each));
    moves[index] = length * Math.sign(each);
    distance += length;
    left -= length * Math.abs(each);
  }
  return { distance: left > 1e-9 * gap ? Number.POSITIVE_INFINITY : distance, move: () => moves };
};

export const steps: Readonly<Record<Ball['norm'], Step>> = { l1: sparse, l2: euclidean, linf: cubic };
