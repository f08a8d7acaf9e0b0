import type { PairSearch } from './crowded-pairs.ts';
import type { GroupPart } from './grow.ts';

/**
 * How much one column tells of another by nature, from 0 to 1: Cramér's V with W. Bergsma's correction for bias (2013), over the rows of a
 * class that have neither item, each column in its coarsest division.
 */
export function dependenceOf(
  { labels, divided }: PairSearch,
  label: number,
  [one, other]: readonly [GroupPart, GroupPart],
  isLeftOut: Uint8Array,
): number {
  const [left, right] = [divided[one.column]?.[0], divided[other.column]?.[0]];
  if (left === undefined || right === undefined) return 0;
  const counts = new Map<number, number>();
  const [rows, columns] = [new Uint32Array(left.count), new Uint32Array(right.count)];
  let all = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const [a, b] = [left.items[row] ?? -1, right.items[row] ?? -1];
    if (labels[row] !== label || isLeftOut[row] === 1 || one.has[row] === 1 || other.has[row] === 1) continue;
    if (a < 0 || b < 0) continue;
    all += 1;
    (rows[a] as number) += 1;
    (columns[b] as number) += 1;
    counts.set(a * right.count + b, (counts.get(a * right.count + b) ?? 0) + 1);
  }
  if (all < 2) return 0;
  let sum = 0;
  for (const [cell, count] of counts) {
    sum += count ** 2 / ((rows[Math.floor(cell / right.count)] ?? 1) * (columns[cell % right.count] ?? 1));
  }
  const [height, width] = [rows, columns].map((margin) =>
    margin.reduce((kinds, count) => kinds + Number(count > 0), 0),
  );
  return corrected(Math.max(0, sum - 1), height ?? 1, width ?? 1, all);
}

function corrected(phi: number, height: number, width: number, all: number): number {
  const less = Math.max(0, phi - ((height - 1) * (width - 1)) / (all - 1));
  const sides = [height, width].map((side) => side - (side - 1) ** 2 / (all - 1) - 1);
  const smaller = Math.min(...sides);
  return smaller <= 0 ? 0 : Math.sqrt(Math.min(1, less / smaller));
}
