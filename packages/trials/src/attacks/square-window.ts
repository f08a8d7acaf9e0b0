import type { Random } from '@holdfast/statistics';

/** Height and width. */
export type Sides = readonly [tall: number, wide: number];

/**
 * A change of the size of a window whose halves have opposite signs, each falling from its middle outwards: η of Square
 * Attack for L2 (Andriushchenko et al., arXiv:1912.00049, section 3.4), with a steeper fall for L1. Its norm is 1. The halves
 * lie above each other or, as often, side by side.
 */
export function hump([tall, wide]: Sides, norm: 'l1' | 'l2', random: Random): Float64Array {
  const isSideways = tall === 1 || (wide > 1 && random.uniform() < 0.5);
  const [long, across] = isSideways ? [wide, tall] : [tall, wide];
  const half = Math.floor(long / 2);
  const [first, second] = [half, long - half].map((length) => pyramid([length, across], norm));
  const shape = new Float64Array(tall * wide);
  for (let along = 0; along < long; along += 1) {
    for (let place = 0; place < across; place += 1) {
      const value =
        along < half ? first?.[along * across + place] : -(second?.[(along - half) * across + place] as number);
      shape[isSideways ? place * wide + along : along * wide + place] = value as number;
    }
  }
  return scaled(shape, norm);
}

/** Σ over n ≥ r of (n + 1)^−p, r the distance from the middle in the larger of both directions. */
function pyramid([tall, wide]: Sides, norm: 'l1' | 'l2'): Float64Array {
  const [middleLine, middleColumn] = [Math.floor(tall / 2), Math.floor(wide / 2)];
  const rings = Math.max(middleLine, middleColumn) + 1;
  const heights = new Float64Array(rings + 1);
  for (let ring = rings - 1; ring >= 0; ring -= 1) {
    heights[ring] = (heights[ring + 1] as number) + (ring + 1) ** (norm === 'l2' ? -2 : -4);
  }
  const shape = Float64Array.from({ length: tall * wide }, (_, index) => {
    const [line, column] = [Math.floor(index / wide), index % wide];
    return heights[Math.max(Math.abs(line - middleLine), Math.abs(column - middleColumn))] as number;
  });
  return scaled(shape, norm);
}

function scaled(shape: Float64Array, norm: 'l1' | 'l2'): Float64Array {
  const length = lengthOf(shape, norm) + 1e-12;
  return shape.map((value) => value / length);
}

/** The L1 or L2 norm. */
export function lengthOf(values: Float64Array, norm: 'l1' | 'l2'): number {
  const sum = values.reduce((total, value) => total + (norm === 'l1' ? Math.abs(value) : value * value), 0);
  return norm === 'l1' ? sum : Math.sqrt(sum);
}
