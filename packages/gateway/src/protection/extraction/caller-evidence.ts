import { nextEvidence, rankPValue } from '@holdfast/statistics';
import type { BudgetState } from './novelty-budget.ts';
import { cellWords } from './novelty-cells.ts';
import type { RecentRows } from './variations.ts';

/** What is remembered of one caller, or of one tenant: about 2 KiB for each class. */
export interface CallerEvidence {
  /** Cells that were weighed: each counts once. */
  readonly cells: Uint32Array;
  readonly recent: RecentRows;
  /** Pay-offs so far, of each kind of evidence. */
  readonly steps: Uint32Array;
  /** How much each kind of evidence has grown to. */
  readonly values: Float64Array;
  /** Scores of the caller itself: they join the bag of those to compare with. */
  readonly likeness: Uint16Array;
  readonly margin: Uint16Array;
  /** When it was last used, and when it was last said to be an extraction. */
  seenMs: number;
  alarmMs: number;
  budget?: BudgetState;
  /** The greatest that the evidence was. */
  greatest: number;
}

export interface EvidenceSizes {
  readonly kinds: number;
  readonly likeness: number;
  readonly margin: number;
}

export function callerEvidence({ kinds, likeness, margin }: EvidenceSizes, recent: RecentRows): CallerEvidence {
  return {
    recent,
    cells: new Uint32Array(cellWords),
    steps: new Uint32Array(kinds),
    values: new Float64Array(kinds),
    likeness: new Uint16Array(likeness),
    margin: new Uint16Array(margin),
    ...{ seenMs: 0, alarmMs: Number.NEGATIVE_INFINITY, greatest: 0 },
  };
}

/** Held-out rows by bin, and how many are in greater bins: for one cohort. */
export interface Bag {
  readonly counts: Float64Array;
  readonly above: Float64Array;
  readonly size: number;
}

export function bagOf(counts: readonly number[]): Bag {
  const above = new Float64Array(counts.length);
  for (let at = counts.length - 2; at >= 0; at -= 1) above[at] = (above[at + 1] as number) + (counts[at + 1] ?? 0);
  return { counts: Float64Array.from(counts), above, size: counts.reduce((sum, each) => sum + each, 0) };
}

/** The p-value of a bin among the bag and the caller's own scores, which it joins. */
export function joinedPValue(
  bag: Bag,
  { own, start, bin }: { readonly own: Uint16Array; readonly start: number; readonly bin: number },
  uniform: number,
): number {
  const length = bag.counts.length;
  let [above, size] = [0, 0];
  for (let at = 0; at < length; at += 1) {
    const count = own[start + at] as number;
    size += count;
    if (at > bin) above += count;
  }
  const equal = own[start + bin] as number;
  if (equal < 65_535) own[start + bin] = equal + 1;
  return rankPValue((bag.above[bin] as number) + above, (bag.counts[bin] as number) + equal, bag.size + size, uniform);
}

export function addPayoff(evidence: CallerEvidence, kind: number, payoff: number): void {
  const step = (evidence.steps[kind] as number) + 1;
  evidence.steps[kind] = step;
  evidence.values[kind] = nextEvidence(evidence.values[kind] as number, step, payoff);
}
