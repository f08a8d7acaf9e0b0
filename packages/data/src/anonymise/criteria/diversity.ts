import type { Histograms } from '../search/histograms.ts';
import type { Criterion } from './criterion.ts';

export type DiversityKind = 'distinct' | 'entropy' | 'recursive';

export interface Diversity {
  readonly kind: DiversityKind;
  readonly l: number;
  /** Of recursive (c, l)-diversity. */
  readonly c: number;
}

/** Room for the rounding of a logarithm: l equally frequent values have entropy log l. */
const tolerance = 1e-9;

/**
 * l-diversity (Machanavajjhala et al., 2006) of a sensitive attribute: a class has l different values; or its entropy is at least log l;
 * or, recursive, its most frequent value is less than c times as frequent as those from the l-th on together. A missing value
 * is a value.
 */
export function diversity(column: string, sensitive: number, { kind, l, c }: Diversity): Criterion {
  const named = { distinct: 'distinct ', entropy: 'entropy ', recursive: `recursive ${c}, ` }[kind];
  return {
    name: `${named}${l}-diversity of ${column}`,
    sensitive,
    isKept: kind === 'distinct',
    different: kind === 'entropy' ? Math.ceil(l) : l,
    holds(histograms, id, rows) {
      if (histograms === undefined) return false;
      if (kind === 'distinct') return differentValues(histograms, id) >= l;
      if (kind === 'entropy') return entropy(histograms, id, rows) >= Math.log(l) * (1 - tolerance);
      const { most, rest } = frequencies(histograms, id, l);
      return most < c * rest;
    },
  };
}

export const differentValues = ({ starts }: Histograms, id: number): number =>
  (starts[id + 1] ?? 0) - (starts[id] ?? 0);

/** In natural units. */
export function entropy({ starts, rows: counts }: Histograms, id: number, rows: number): number {
  let sum = 0;
  for (let at = starts[id] ?? 0; at < (starts[id + 1] ?? 0); at += 1) {
    const share = (counts[at] ?? 0) / rows;
    sum -= share * Math.log(share);
  }
  return sum;
}

/** Rows with the most frequent value, and with the l-th most frequent and all rarer ones. */
function frequencies(
  { starts, rows }: Histograms,
  id: number,
  l: number,
): { readonly most: number; readonly rest: number } {
  const sorted = rows
    .slice(starts[id] ?? 0, starts[id + 1] ?? 0)
    .sort()
    .reverse();
  return { most: sorted[0] ?? 0, rest: sorted.subarray(l - 1).reduce((sum, count) => sum + count, 0) };
}
