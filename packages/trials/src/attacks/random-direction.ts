import type { Random } from '@holdfast/statistics';
import { type Ball, normOf } from './ball.ts';

/** A point at a distance from each row, in a random direction: uniform in the cube for L∞, of normal numbers else. */
export function awayFrom(
  origin: Float32Array,
  size: number,
  norm: Ball['norm'],
  distance: number,
  random: Random,
): Float32Array {
  const x = Float32Array.from(origin, () => (norm === 'linf' ? 2 * random.uniform() - 1 : random.normal()));
  for (let row = 0; row < origin.length / size; row += 1) {
    const scale = distance / (normOf(x, row, size, norm) + 1e-12);
    for (let index = row * size; index < (row + 1) * size; index += 1) {
      x[index] = (origin[index] as number) + scale * (x[index] as number);
    }
  }
  return x;
}
