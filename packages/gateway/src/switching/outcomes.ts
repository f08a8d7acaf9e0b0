import type { ServingEvents } from '../serve/chain.ts';
import type { Route } from '../serve/route.ts';
import type { Canary } from './canary.ts';

/** Answers of the candidate itself, not of what is before it: what a caller did wrong is no error of a model. */
const ownErrors: ReadonlySet<string> = new Set(['HF_GATEWAY_UPSTREAM', 'HF_GATEWAY_UPSTREAM_TIME']);

/** Tells canaries how their candidates answered. Without canaries nothing is added. */
export function countingOutcomes(events: ServingEvents, canaries: readonly Canary[]): ServingEvents {
  if (canaries.length === 0) return events;
  const byCandidate = new Map<Route, Canary>(canaries.map((canary) => [canary.candidate, canary]));
  return {
    ...events,
    answered: (told) => {
      const canary = told.route === undefined ? undefined : byCandidate.get(told.route);
      if (canary !== undefined && (told.code === undefined || ownErrors.has(told.code))) {
        canary.told(told.code !== undefined || told.status >= 500);
      }
      events.answered?.(told);
    },
  };
}
