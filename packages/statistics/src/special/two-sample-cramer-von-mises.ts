import { commonDivisor } from './two-sample-kolmogorov.ts';

/** How often each sum below the bound occurs, in ascending order, and how often one at or above it does. */
interface Frequencies {
  readonly sums: Float64Array;
  readonly times: Float64Array;
  readonly beyond: number;
}

const none: Frequencies = { sums: new Float64Array(0), times: new Float64Array(0), beyond: 0 };

/**
 * The chance that T of the Cramér–von Mises test of m and n values without ties is at least `statistic`. Every way from (0, 0) to (n, m), in
 * steps of one, is as likely; it gives ζ, the sum of (lcm/m · v - lcm/n · u)² over its points. Algorithm 1 of Y. Xiao, A. Gordon and
 * A. Yakovlev (2006), which counts the ways by their ζ; those that have reached the bound are counted together. Counts are whole
 * numbers below 2^53 for m and n up to 20.
 */
export function twoSampleCramerVonMisesSurvival(statistic: number, m: number, n: number): number {
  const multiple = (m / commonDivisor(m, n)) * n;
  // ζ of T = mn / N² Σ (F - G)², a whole number without ties: what rounding took away from it is given back.
  const bound = Math.floor((statistic * (m + n) ** 2 * multiple ** 2) / (m * n) + 1e-6);
  let column: Frequencies[] = new Array<Frequencies>(m + 1).fill(none);
  for (let x = 0; x <= n; x += 1) {
    const next: Frequencies[] = [];
    for (let y = 0; y <= m; y += 1) {
      const isStart = x === 0 && y === 0;
      const before = isStart ? start(bound) : merged(next[y - 1] ?? none, column[y] ?? none);
      next.push(moved(before, ((multiple / m) * y - (multiple / n) * x) ** 2, bound));
    }
    column = next;
  }
  const { times, beyond } = column[m] ?? none;
  return beyond / (beyond + times.reduce((sum, each) => sum + each, 0));
}

function start(bound: number): Frequencies {
  return bound <= 0 ? { ...none, beyond: 1 } : { ...none, sums: Float64Array.of(0), times: Float64Array.of(1) };
}

function merged(left: Frequencies, right: Frequencies): Frequencies {
  const sums = new Float64Array(left.sums.length + right.sums.length);
  const times = new Float64Array(sums.length);
  let count = 0;
  for (let i = 0, j = 0; i < left.sums.length || j < right.sums.length; count += 1) {
    const sum = Math.min(left.sums[i] ?? Number.POSITIVE_INFINITY, right.sums[j] ?? Number.POSITIVE_INFINITY);
    let found = 0;
    if (left.sums[i] === sum) found += left.times[i++] ?? 0;
    if (right.sums[j] === sum) found += right.times[j++] ?? 0;
    sums[count] = sum;
    times[count] = found;
  }
  return { sums: sums.subarray(0, count), times: times.subarray(0, count), beyond: left.beyond + right.beyond };
}

function moved({ sums, times, beyond }: Frequencies, by: number, bound: number): Frequencies {
  const further = sums.map((sum) => sum + by);
  let inside = further.length;
  let left = beyond;
  while (inside > 0 && (further[inside - 1] ?? 0) >= bound) {
    inside -= 1;
    left += times[inside] ?? 0;
  }
  return { sums: further.subarray(0, inside), times: times.subarray(0, inside), beyond: left };
}
