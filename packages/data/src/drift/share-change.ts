import { chiSquare } from '@holdfast/statistics';
import { logGamma } from '@holdfast/statistics/log-gamma';
import type { ShareChange } from './column-drift.ts';

/** Cochran's: with smaller counts expected, χ² is no guide. */
const enough = 5;

/**
 * Whether a share changed: χ² of the table of two rows and two columns, which is the two-proportion test; where a cell expects fewer
 * than 5, the exact test of R. A. Fisher (1934), two-sided: all tables that are no likelier than this one.
 * @param current how many of how many
 * @param reference as `current`; of both tables there is at least one row
 */
export function shareChange(
  [hits, all]: readonly [number, number],
  [hitsBefore, allBefore]: readonly [number, number],
): ShareChange {
  const [share, before] = [hits / all, hitsBefore / allBefore];
  const effect = 2 * Math.asin(Math.sqrt(share)) - 2 * Math.asin(Math.sqrt(before));
  return { current: share, reference: before, effect, p: chanceOf(hits, all, hitsBefore, allBefore) };
}

function chanceOf(hits: number, all: number, hitsBefore: number, allBefore: number): number {
  const columns = [hits + hitsBefore, all + allBefore - hits - hitsBefore];
  if (columns.includes(0)) return 1;
  const least = (Math.min(all, allBefore) * Math.min(...columns)) / (all + allBefore);
  if (least < enough) return fisher(hits, all, hits + hitsBefore, all + allBefore);
  return chiSquare([hits, all - hits], [hitsBefore, allBefore - hitsBefore]).p;
}

/** @param drawn of `total` values, so many are in the first row; `marked` of all are marked, `hits` of those are in the first row */
export function fisher(hits: number, drawn: number, marked: number, total: number): number {
  const chance = (count: number): number =>
    Math.exp(choose(marked, count) + choose(total - marked, drawn - count) - choose(total, drawn));
  const seen = chance(hits) * (1 + 1e-7);
  let sum = 0;
  for (let count = Math.max(0, drawn + marked - total); count <= Math.min(drawn, marked); count += 1) {
    const each = chance(count);
    if (each <= seen) sum += each;
  }
  return Math.min(1, sum);
}

/** ln (n over k) */
export const choose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
