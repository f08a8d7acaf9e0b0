import type { Random } from '../random.ts';
import type { Kernel } from './gaussian-kernel.ts';

/** Sums of the same numbers in another order differ by less, for each pair of pairs. */
const rounding = 1e-15;

/**
 * MMD² within blocks of pairs: W. Zaremba, A. Gretton and M. Blaschko, "B-tests: Low Variance Kernel Two-Sample Tests" (2013); with two
 * pairs in a block it is the linear-time statistic of section 6 of Gretton et al. (2012). The mean of
 * h = k(x, x') + k(y, y') - k(x, y') - k(x', y) over any two pairs (x, y), (x', y') of the same block. The permutations exchange x and y
 * of each pair, or not, which turns the sign of h if only one of the two is exchanged: p is exact, not a limit.
 * @param a as many values as `b`, two or more, each in random order
 * @param blockSize pairs in a block, 2 or more
 */
export function blockDiscrepancy(
  a: Float64Array,
  b: Float64Array,
  blockSize: number,
  kernel: Kernel,
  random: Random,
  permutations: number,
): { readonly statistic: number; readonly p: number } {
  const contrasts = contrastsOf(a, b, blockSize, kernel);
  const signs = new Int8Array(a.length).fill(1);
  const seen = signedSum(contrasts, signs, blockSize);
  const atLeast = seen - rounding * contrasts.length;
  let extreme = 0;
  for (let round = 0; round < permutations; round += 1) {
    drawSigns(signs, random);
    if (signedSum(contrasts, signs, blockSize) >= atLeast) extreme += 1;
  }
  return { statistic: seen / contrasts.length, p: (1 + extreme) / (1 + permutations) };
}

/** h of each two pairs of a block, block after block: (1, 0), (2, 0), (2, 1), (3, 0), … */
function contrastsOf(a: Float64Array, b: Float64Array, blockSize: number, kernel: Kernel): Float64Array {
  const lastBlock = a.length % blockSize;
  const inBlock = (size: number): number => (size * (size - 1)) / 2;
  const contrasts = new Float64Array(Math.floor(a.length / blockSize) * inBlock(blockSize) + inBlock(lastBlock));
  let at = 0;
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    for (let j = i - (i % blockSize); j < i; j += 1) {
      const [x2, y2] = [a[j] ?? 0, b[j] ?? 0];
      contrasts[at] = kernel(x, x2) + kernel(y, y2) - kernel(x, y2) - kernel(x2, y);
      at += 1;
    }
  }
  return contrasts;
}

function signedSum(contrasts: Float64Array, signs: Int8Array, blockSize: number): number {
  let sum = 0;
  let at = 0;
  for (let i = 0; i < signs.length; i += 1) {
    let row = 0;
    for (let j = i - (i % blockSize); j < i; j += 1) {
      row += (signs[j] ?? 0) * (contrasts[at] ?? 0);
      at += 1;
    }
    sum += (signs[i] ?? 0) * row;
  }
  return sum;
}

/** 32 signs from each number that is drawn, from the lowest bit on. */
function drawSigns(signs: Int8Array, random: Random): void {
  let bits = 0;
  for (let i = 0; i < signs.length; i += 1) {
    if (i % 32 === 0) bits = random.integer(2 ** 32);
    signs[i] = ((bits >>> (i % 32)) & 1) === 1 ? 1 : -1;
  }
}
