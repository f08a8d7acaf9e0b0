import type { CallerEvidence } from './caller-evidence.ts';

/** What is remembered of callers, at most so many of them. */
export interface KnownCallers {
  of(id: string, nowMs: number): CallerEvidence;
  forget(id: string): void;
  readonly size: number;
}

/** Of so many the one that was seen least lately makes room, one without an alarm if there is one. */
const looked = 16;

export function knownCallers(most: number, fresh: () => CallerEvidence): KnownCallers {
  const known = new Map<string, CallerEvidence>();
  const dropOne = (): void => {
    let chosen: { id: string; rank: number } | undefined;
    let count = 0;
    for (const [id, { seenMs, alarmMs }] of known) {
      const rank = alarmMs > Number.NEGATIVE_INFINITY ? seenMs + 1e15 : seenMs;
      if (chosen === undefined || rank < chosen.rank) chosen = { id, rank };
      count += 1;
      if (count === looked) break;
    }
    if (chosen !== undefined) known.delete(chosen.id);
  };
  return {
    of(id, nowMs) {
      let evidence = known.get(id);
      if (evidence === undefined) {
        if (known.size >= most) dropOne();
        evidence = fresh();
        known.set(id, evidence);
      }
      evidence.seenMs = nowMs;
      return evidence;
    },
    forget(id) {
      known.delete(id);
    },
    get size() {
      return known.size;
    },
  };
}
