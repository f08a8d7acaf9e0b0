import type { TableColumn } from '@holdfast/dataset';
import { type Bins, binCount, bins, edgesOf } from './bins.ts';
import { type Extremes, extremes } from './extremes.ts';
import type { Derived } from './metric.ts';

/** Counts between edges: edge k is `from` + k · `step`; edge k ≤ value < edge k + 1, and the last one holds its upper edge. */
export interface Histogram {
  readonly from: number;
  readonly step: number;
  readonly counts: readonly number[];
}

/** How many bars a picture of so many values has, at most. It divides {@link binCount}. */
function barsFor(fine: Bins): number {
  const values = [...fine.values()].reduce((sum, { count }) => sum + count, 0);
  return values < 64 ? 8 : values < 512 ? 16 : 32;
}

/** A histogram that a person can look at; nothing where there are no two different values that float64 can tell apart. */
export function histogram(column: TableColumn): Derived<Histogram | undefined> {
  const [range, fine] = [extremes(column), bins(column)];
  return {
    kind: 'derived',
    key: `histogram of ${column.value}`,
    after: [range, fine],
    value(found) {
      const ends = found.get(range);
      if (ends === undefined) return undefined;
      return column.type === 'integer' ? ofWhole(ends, found.get(fine)) : ofEqual(ends, found.get(fine));
    },
  };
}

/** Of whole numbers that are not far apart every bar has the same number of them: none is odd because of where edges fall. */
function ofWhole(ends: Extremes, fine: Bins): Histogram | undefined {
  const span = ends.greatest - ends.least;
  if (span >= binCount) return ofEqual(ends, fine);
  const step = Math.max(1, Math.ceil((span + 1) / barsFor(fine)));
  const counts = new Array<number>(Math.floor(span / step) + 1).fill(0);
  for (const { count, least } of fine.values()) {
    const bar = Math.floor((least - ends.least) / step);
    counts[bar] = (counts[bar] ?? 0) + count;
  }
  return { from: ends.least, step, counts };
}

function ofEqual(ends: Extremes, fine: Bins): Histogram | undefined {
  const edges = edgesOf(ends);
  if (edges === undefined) return undefined;
  const bars = barsFor(fine);
  const joined = binCount / bars;
  const counts = new Array<number>(bars).fill(0);
  for (const [number, { count }] of fine) {
    const bar = Math.floor(number / joined);
    counts[bar] = (counts[bar] ?? 0) + count;
  }
  return { from: edges.from, step: edges.step * joined, counts };
}
