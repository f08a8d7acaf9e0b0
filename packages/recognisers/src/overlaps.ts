import type { Candidate } from './candidate.ts';

/** Nearly certain ones go before longer ones. */
const certain = 0.9;

function tier({ type, confidence }: Candidate): number {
  return type.decoy === true ? 1 : confidence >= certain ? 2 : 0;
}

/** Nearly certain before decoys before others; then the longest, the most confident, the first of the table. */
function better(one: Candidate, other: Candidate): number {
  return (
    tier(other) - tier(one) ||
    other.end - other.start - (one.end - one.start) ||
    other.confidence - one.confidence ||
    one.start - other.start ||
    one.rank - other.rank
  );
}

/** Where in a sorted list of candidates that do not overlap one would stand; nothing if it overlaps one of them. */
function placeOf(kept: readonly Candidate[], candidate: Candidate): number | undefined {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((kept[middle]?.end ?? 0) <= candidate.start) low = middle + 1;
    else high = middle;
  }
  const next = kept[low];
  return next !== undefined && next.start < candidate.end ? undefined : low;
}

/**
 * Of candidates that overlap each other, those that are reported, in order. What contains others, such as a URL, is
 * reported beside them, once a place and type.
 */
export function withoutOverlaps(candidates: readonly Candidate[]): readonly Candidate[] {
  if (candidates.length < 2) return candidates[0]?.type.decoy === true ? [] : candidates;
  const kept: Candidate[] = [];
  const containers: Candidate[] = [];
  for (const candidate of candidates.toSorted(better)) {
    const among = candidate.type.container === true ? containers : kept;
    const place = placeOf(among, candidate);
    if (place !== undefined) among.splice(place, 0, candidate);
  }
  return [...kept, ...containers]
    .filter(({ type }) => type.decoy !== true)
    .sort((one, other) => one.start - other.start || other.end - one.end);
}
