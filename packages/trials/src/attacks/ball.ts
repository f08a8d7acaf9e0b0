/** How far an attack may go from a sample, and in what measure. */
export interface Ball {
  readonly norm: 'l1' | 'l2' | 'linf';
  /** In the units of the input. */
  readonly epsilon: number;
}

/** The values that an input may have at all, such as 0 to 1 for images. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Puts every number of `x` back between the bounds. */
export function clip(x: Float32Array, { low, high }: Bounds): void {
  for (let index = 0; index < x.length; index += 1) {
    const value = x[index] as number;
    x[index] = value < low ? low : value > high ? high : value;
  }
}

/** The norm of one row of `x`. */
export function normOf(x: Float32Array, row: number, size: number, norm: Ball['norm']): number {
  let total = 0;
  for (let index = row * size; index < (row + 1) * size; index += 1) {
    const value = Math.abs(x[index] as number);
    if (norm === 'linf') total = value > total ? value : total;
    else total += norm === 'l1' ? value : value * value;
  }
  return norm === 'l2' ? Math.sqrt(total) : total;
}

/** The distance of each row of `x` from the same row of `origin`. */
export function distances(x: Float32Array, origin: Float32Array, size: number, norm: Ball['norm']): Float64Array {
  const away = x.map((value, index) => value - (origin[index] as number));
  return Float64Array.from({ length: x.length / size }, (_, row) => normOf(away, row, size, norm));
}

/**
 * Adds a step in the direction of steepest ascent: the sign for L∞, the normalised gradient for L2 and L1. A row without
 * a gradient stays where it is.
 * @param steps a length for each row
 */
export function ascend(x: Float32Array, gradient: Float32Array, norm: Ball['norm'], steps: Float64Array): void {
  const size = x.length / steps.length;
  for (const [row, step] of steps.entries()) {
    if (norm === 'linf') {
      stepBySign(x, gradient, row * size, size, step);
    } else {
      const length = normOf(gradient, row, size, norm);
      const scale = step / (length + 1e-12);
      for (let index = row * size; index < (row + 1) * size; index += 1) {
        x[index] = (x[index] as number) + scale * (gradient[index] as number);
      }
    }
  }
}

function stepBySign(x: Float32Array, gradient: Float32Array, start: number, size: number, step: number): void {
  for (let index = start; index < start + size; index += 1) {
    const slope = gradient[index] as number;
    if (slope > 0) x[index] = (x[index] as number) + step;
    else if (slope < 0) x[index] = (x[index] as number) - step;
  }
}

/**
 * Moves every row of `x` to the nearest point of the ball around the same row of `origin`: clipped for L∞, scaled for
 * L2, soft-thresholded for L1 (Duchi et al., ICML 2008).
 */
export function project(x: Float32Array, origin: Float32Array, size: number, { norm, epsilon }: Ball): void {
  if (norm === 'linf') {
    projectCube(x, origin, epsilon);
    return;
  }
  for (let start = 0; start < x.length; start += size) {
    if (norm === 'l2') projectSphere(x, origin, start, size, epsilon);
    else projectDiamond(x, origin, start, size, epsilon);
  }
}

function projectCube(x: Float32Array, origin: Float32Array, epsilon: number): void {
  for (let index = 0; index < x.length; index += 1) {
    const centre = origin[index] as number;
    const value = x[index] as number;
    const [low, high] = [centre - epsilon, centre + epsilon];
    x[index] = value < low ? low : value > high ? high : value;
  }
}

function projectSphere(x: Float32Array, origin: Float32Array, start: number, size: number, epsilon: number): void {
  let square = 0;
  for (let index = start; index < start + size; index += 1) {
    square += ((x[index] as number) - (origin[index] as number)) ** 2;
  }
  const length = Math.sqrt(square);
  if (length <= epsilon) return;
  for (let index = start; index < start + size; index += 1) {
    const centre = origin[index] as number;
    x[index] = centre + (((x[index] as number) - centre) * epsilon) / length;
  }
}

function projectDiamond(x: Float32Array, origin: Float32Array, start: number, size: number, epsilon: number): void {
  const away = Float64Array.from(
    { length: size },
    (_, index) => (x[start + index] as number) - (origin[start + index] as number),
  );
  const lengths = away.map(Math.abs).sort().reverse();
  if (lengths.reduce((sum, each) => sum + each, 0) <= epsilon) return;
  let [sum, threshold] = [0, 0];
  for (const [index, length] of lengths.entries()) {
    sum += length;
    const candidate = (sum - epsilon) / (index + 1);
    if (length > candidate) threshold = candidate;
  }
  away.forEach((value, index) => {
    x[start + index] = (origin[start + index] as number) + Math.sign(value) * Math.max(0, Math.abs(value) - threshold);
  });
}
