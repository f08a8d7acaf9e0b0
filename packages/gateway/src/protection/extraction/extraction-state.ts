import type { BettingFunction } from '@holdfast/statistics';
import type { LikenessNetwork } from './likeness-network.ts';
import type { RowEncoding } from './row-encoding.ts';

/** How ordinary callers' rows score. Plain JSON, to be stored and signed. */
export interface ExtractionState {
  readonly kind: 'extraction/v1';
  readonly features: readonly string[];
  readonly encoding: RowEncoding;
  readonly networks: readonly LikenessNetwork[];
  /** Where likeness scores are divided into bins, ascending. */
  readonly edges: readonly number[];
  /** Of each class that the model answers: how many held-out rows are in each bin of likeness and of margin. */
  readonly cohorts: readonly Cohort[];
  /** One for each way of making rows up. */
  readonly bets: readonly BettingFunction[];
  /** Of what the planes between novelty cells are drawn. */
  readonly seed: string;
}

export interface Cohort {
  readonly likeness: readonly number[];
  readonly margin: readonly number[];
}

/** Classes behind share the last one. */
export const mostClasses = 16;

/** Bins of the margin between the greatest and the next probability: narrow near 0, where the boundary is. */
export const marginBins = 48;

/** Greater is stranger: a small margin is. */
export function marginBin(margin: number): number {
  const place = Math.floor(Math.sqrt(Math.min(1, Math.max(0, margin))) * marginBins);
  return marginBins - 1 - Math.min(marginBins - 1, place);
}

/** The number of edges at or below. */
export function likenessBin(edges: Float64Array, score: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((edges[middle] as number) <= score) low = middle + 1;
    else high = middle;
  }
  return low;
}
