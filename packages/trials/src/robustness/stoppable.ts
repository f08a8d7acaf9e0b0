import type { Victim } from '../victim.ts';

/** A victim that answers no more once a signal says so: an attack that is under way ends with its next question. */
export function stoppable(victim: Victim, signal: AbortSignal): Victim {
  const { dims, size, classes, spent } = victim;
  return {
    ...{ dims, size, classes, spent },
    classify: async (x) => {
      signal.throwIfAborted();
      return victim.classify(x);
    },
    logits: async (x) => {
      signal.throwIfAborted();
      return victim.logits(x);
    },
    lossGradient: async (...given) => {
      signal.throwIfAborted();
      return victim.lossGradient(...given);
    },
    pullback: async (...given) => {
      signal.throwIfAborted();
      return victim.pullback(...given);
    },
  };
}
