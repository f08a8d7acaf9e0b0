import type { AnomalyState } from './anomaly-state.ts';
import { distanceScore } from './distance.ts';
import { rangesScore } from './ranges.ts';
import { surpriseOf } from './surprise.ts';
import { depthScore } from './tail-depth.ts';

export type AnomalyAspect = 'missing' | 'range' | 'mahalanobis' | 'ecod';

export interface AnomalyScorer {
  readonly width: number;
  /** The greatest of the three surprises, in nats; infinite for an infinite number, the greatest number for what is missing and never was. */
  readonly score: (row: Float64Array) => number;
  /** What the last score comes from. */
  readonly aspect: AnomalyAspect;
}

/** Three scores of a row in one unit. One row at a time; nothing is allocated. */
export function anomalyScorer(state: Omit<AnomalyState, 'calibration'>): AnomalyScorer {
  const mayBeMissing = Uint8Array.from(state.mayBeMissing);
  const [ranges, distance, depth] = [rangesScore(state.ranges), distanceScore(state.distance), depthScore(state.depth)];
  const [ofRanges, ofDistance, ofDepth] = state.surprises.map(surpriseOf) as [Surprise, Surprise, Surprise];
  let aspect: AnomalyAspect = 'missing';
  return {
    width: mayBeMissing.length,
    get aspect() {
      return aspect;
    },
    score(row) {
      aspect = 'missing';
      const most = mostOfMissing(row, mayBeMissing);
      if (most > 0) return most;
      const [byRange, byDistance, byDepth] = [ofRanges(ranges(row)), ofDistance(distance(row)), ofDepth(depth(row))];
      aspect = byRange > byDistance && byRange > byDepth ? 'range' : byDistance >= byDepth ? 'mahalanobis' : 'ecod';
      return Math.max(byRange, byDistance, byDepth);
    },
  };
}

type Surprise = (score: number) => number;

/**
 * 0 for a row that can be scored. What is infinite was in no row at all; what is missing may have been in held-out rows, and so has a score
 * that is not above theirs.
 */
function mostOfMissing(row: Float64Array, mayBeMissing: Uint8Array): number {
  let most = 0;
  for (let at = 0; at < row.length; at += 1) {
    const value = row[at] as number;
    if (Number.isFinite(value)) continue;
    if (!Number.isNaN(value)) return Number.POSITIVE_INFINITY;
    if (mayBeMissing[at] === 0) most = Number.MAX_VALUE;
  }
  return most;
}
