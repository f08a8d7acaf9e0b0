import type { Random } from '@holdfast/statistics';
import type { Components } from './principal-components.ts';
import { twoMeans } from './two-means.ts';

/** Fewer rows are no group that could be told from chance. */
export const fewestRows = 5;
/** Groups that a class is divided into at most. */
const mostGroups = 8;

/**
 * Groups of a class: its rows are divided in two (B. Chen et al., "Detecting Backdoor Attacks on Deep Neural Networks by Activation
 * Clustering", 2018), then the group with the largest inertia, and so on. All that came of it are candidates, larger ones with smaller
 * ones in them.
 */
export function groupsOf(components: Components, random: Random): readonly Uint32Array[] {
  const all = Uint32Array.from({ length: components.rows }, (_, row) => row);
  const leaves = [all];
  const groups: Uint32Array[] = [];
  while (leaves.length < mostGroups) {
    leaves.sort((one, other) => spread(components, other) - spread(components, one));
    const largest = leaves.shift();
    if (largest === undefined || largest.length < 2 * fewestRows) break;
    const { isSmaller } = twoMeans(components, random, largest);
    const parts = [largest.filter((row) => isSmaller[row] === 1), largest.filter((row) => isSmaller[row] === 0)];
    groups.push(...parts.filter(({ length }) => length >= fewestRows));
    leaves.push(...parts);
  }
  return groups;
}

/** The squared distances of some rows from their mean, summed. */
function spread({ width, values }: Components, rows: Uint32Array): number {
  let sum = 0;
  for (let at = 0; at < width; at += 1) {
    let [first, second] = [0, 0];
    for (const row of rows) {
      const value = values[row * width + at] ?? 0;
      first += value;
      second += value * value;
    }
    sum += second - (first * first) / Math.max(1, rows.length);
  }
  return sum;
}
