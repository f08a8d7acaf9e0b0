/** Channels, height, width: a table counts as an image of one row. */
export type ImageShape = readonly [channels: number, height: number, width: number];

/** Height and width of a window. */
export type Sides = readonly [tall: number, wide: number];

/** Sides of a window that covers a share of the features; of `least` numbers or more each way, where there is room. */
export function windowOf([, height, width]: ImageShape, share: number, least: 1 | 3): Sides {
  // A window of an image of one row is as long as its share; others are square.
  const exact = height === 1 ? share * width : Math.sqrt(share * height * width);
  const rounded = Math.max(Math.round(exact), least);
  const side = least > 1 && rounded % 2 === 0 ? rounded + 1 : rounded;
  return height === 1 ? [1, Math.min(side, width)] : [Math.min(side, height, width), Math.min(side, height, width)];
}

/**
 * A change of the size of a window whose halves have opposite signs, each falling from its middle outwards: η of Square
 * Attack for L2 (Andriushchenko et al., arXiv:1912.00049, section 3.4), with a steeper fall for L1. Its norm is 1.
 * @param isSideways whether the halves lie side by side instead of one above the other
 */
export function hump([tall, wide]: Sides, norm: 'l1' | 'l2', isSideways: boolean): Float64Array {
  const [long, across] = isSideways ? [wide, tall] : [tall, wide];
  const half = Math.floor(long / 2);
  const [first, second] = [pyramid([half, across], norm), pyramid([long - half, across], norm)];
  const shape = new Float64Array(tall * wide);
  for (let along = 0; along < long; along += 1) {
    for (let place = 0; place < across; place += 1) {
      const value = along < half ? first[along * across + place] : -(second[(along - half) * across + place] as number);
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
  const shape = new Float64Array(tall * wide);
  for (const index of shape.keys()) {
    const [line, column] = [Math.floor(index / wide), index % wide];
    shape[index] = heights[Math.max(Math.abs(line - middleLine), Math.abs(column - middleColumn))] as number;
  }
  return scaled(shape, norm);
}

function scaled(shape: Float64Array, norm: 'l1' | 'l2'): Float64Array {
  const length = lengthOf(shape, norm) + 1e-12;
  return shape.map((value) => value / length);
}

/** The L1 or L2 norm. */
export function lengthOf(values: Float64Array, norm: 'l1' | 'l2'): number {
  let total = 0;
  for (let index = 0; index < values.length; index += 1) total += powerOf(values[index] as number, norm);
  return norm === 'l1' ? total : Math.sqrt(total);
}

/** What a number adds to a norm: its size for L1, its square for L2. */
export function powerOf(value: number, norm: 'l1' | 'l2'): number {
  return norm === 'l1' ? Math.abs(value) : value * value;
}
