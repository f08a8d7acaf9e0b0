import type { Bounds } from './ball.ts';

/**
 * Moves every row of `x` to the nearest point (in L2) that lies both in the L1 ball around the same row of `origin` and
 * between the bounds: the exact projection that L1-APGD needs (Croce & Hein, arXiv:2103.01208, section 3.1). To project to
 * the ball and to clip then gives a point that is farther away.
 * @param origin rows between the bounds
 */
export function projectDiamondInBox(
  x: Float32Array,
  origin: Float32Array,
  size: number,
  epsilon: number,
  bounds: Bounds,
): void {
  const lengths = new Float64Array(size);
  const room = new Float64Array(size);
  for (let start = 0; start < x.length; start += size) {
    let total = 0;
    for (let index = 0; index < size; index += 1) {
      const centre = origin[start + index] as number;
      const away = (x[start + index] as number) - centre;
      lengths[index] = Math.abs(away);
      room[index] = Math.max(away > 0 ? bounds.high - centre : centre - bounds.low, 0);
      total += Math.min(lengths[index] as number, room[index] as number);
    }
    const less = total <= epsilon ? 0 : shortening(lengths, room, total, epsilon);
    for (let index = 0; index < size; index += 1) {
      const centre = origin[start + index] as number;
      const length = Math.min(Math.max((lengths[index] as number) - less, 0), room[index] as number);
      x[start + index] = (x[start + index] as number) > centre ? centre + length : centre - length;
    }
  }
}

/**
 * λ with Σ min(max(|vᵢ| − λ, 0), capᵢ) = ε: what the condition of Karush, Kuhn and Tucker leaves to be found. The sum falls
 * with λ in straight pieces: number i begins to shrink at |vᵢ| − capᵢ and is gone at |vᵢ|.
 */
function shortening(lengths: Float64Array, room: Float64Array, total: number, epsilon: number): number {
  const ends = lengths.slice().sort();
  const starts = lengths.map((length, index) => Math.max(length - (room[index] as number), 0)).sort();
  let [lambda, sum, shrinking] = [0, total, 0];
  for (let [started, gone] = [0, 0]; gone < ends.length; ) {
    const isStart = started < starts.length && (starts[started] as number) <= (ends[gone] as number);
    const next = (isStart ? starts[started] : ends[gone]) as number;
    const after = sum - shrinking * (next - lambda);
    if (after <= epsilon && shrinking > 0) return lambda + (sum - epsilon) / shrinking;
    [lambda, sum] = [next, after];
    if (isStart) [started, shrinking] = [started + 1, shrinking + 1];
    else [gone, shrinking] = [gone + 1, shrinking - 1];
  }
  return lambda;
}
