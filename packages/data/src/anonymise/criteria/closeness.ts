import type { Hierarchy } from '../hierarchy/hierarchy.ts';
import type { Histograms } from '../search/histograms.ts';
import type { Criterion } from './criterion.ts';

/** How far a class may be from the whole table, by the earth mover's distance in [0, 1] (Li, Li and Venkatasubramanian, 2007). */
export type Distance = (histograms: Histograms, id: number, rows: number) => number;

/** t-closeness of a sensitive attribute. */
export function closeness(column: string, sensitive: number, t: number, kind: string, distance: Distance): Criterion {
  return {
    name: `${t}-closeness of ${column} (${kind} distance)`,
    sensitive,
    isKept: false,
    different: 1,
    holds: (histograms, id, rows) => histograms !== undefined && distance(histograms, id, rows) <= t + 1e-9,
  };
}

/** All values are as far from each other: ½ Σ |p − q|. @param whole rows with each value in the whole table */
export function equalDistance(whole: Float64Array): Distance {
  const total = whole.reduce((sum, count) => sum + count, 0);
  return ({ starts, codes, rows: counts }, id, rows) => {
    let [apart, met] = [0, 0];
    for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at += 1) {
      const q = (whole[codes[at] ?? 0] ?? 0) / total;
      apart += Math.abs((counts[at] ?? 0) / rows - q);
      met += q;
    }
    return (apart + Math.max(0, 1 - met)) / 2;
  };
}

/**
 * Values stand in an order, those beside each other are 1 / (m − 1) apart: Σ |Σ (p − q)| / (m − 1). Codes ascend in that order.
 *
 * The sum over values that a class lacks is found without walking over them: where cumulated p stays, cumulated q only grows.
 */
export function orderedDistance(whole: Float64Array): Distance {
  const m = whole.length;
  const total = whole.reduce((sum, count) => sum + count, 0);
  // below[i]: share of values before i; sums[i]: sum of below[1] to below[i].
  const [below, sums] = [new Float64Array(m + 1), new Float64Array(m + 1)];
  for (let at = 0; at < m; at += 1) {
    below[at + 1] = (below[at] ?? 0) + (whole[at] ?? 0) / total;
    sums[at + 1] = (sums[at] ?? 0) + (below[at + 1] ?? 0);
  }
  /** Σ |p − below[i]| for i in (from, to]. */
  const between = (p: number, from: number, to: number): number => {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((below[middle] ?? 0) <= p) low = middle;
      else high = middle - 1;
    }
    const sum = (first: number, last: number): number => (sums[last] ?? 0) - (sums[first] ?? 0);
    return p * (low - from) - sum(from, low) + sum(low, to) - p * (to - low);
  };
  return ({ starts, codes, rows: counts }, id, rows) => {
    if (m < 2) return 0;
    let [moved, from, before] = [0, 0, 0];
    for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at += 1) {
      const code = codes[at] ?? 0;
      moved += between(before / rows, from, code);
      before += counts[at] ?? 0;
      from = code;
    }
    return (moved + between(before / rows, from, m)) / (m - 1);
  };
}

/**
 * Values are as far apart as the level on which they first are equal, of the levels that there are: on each level, what can be evened
 * out between its groups and not below costs level / levels.
 */
export function hierarchicalDistance(whole: Float64Array, { declared: levels }: Pick<Hierarchy, 'declared'>): Distance {
  const total = whole.reduce((sum, count) => sum + count, 0);
  const height = levels.length - 1;
  return ({ starts, codes, rows: counts }, id, rows) => {
    if (height === 0) return equalDistance(whole)({ starts, codes, rows: counts, values: whole.length }, id, rows);
    let extra = Float64Array.from(whole, (count) => -count / total);
    for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at += 1) {
      const code = codes[at] ?? 0;
      extra[code] = (extra[code] ?? 0) + (counts[at] ?? 0) / rows;
    }
    let [moved, groups] = [0, levels[0].codes];
    for (const [at, level] of levels.entries()) {
      if (at === 0) continue;
      const [surplus, lack] = [new Float64Array(level.labels.length), new Float64Array(level.labels.length)];
      const seen = new Set<number>();
      for (const [value, group] of groups.entries()) {
        if (seen.has(group)) continue;
        seen.add(group);
        const [above, more] = [level.codes[value] ?? 0, extra[group] ?? 0];
        if (more > 0) surplus[above] = (surplus[above] ?? 0) + more;
        else lack[above] = (lack[above] ?? 0) - more;
      }
      moved += (at / height) * surplus.reduce((sum, more, group) => sum + Math.min(more, lack[group] ?? 0), 0);
      extra = surplus.map((more, group) => more - (lack[group] ?? 0));
      groups = level.codes;
    }
    return moved + extra.reduce((sum, more) => sum + Math.max(0, more), 0);
  };
}
