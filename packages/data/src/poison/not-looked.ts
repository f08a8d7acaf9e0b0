import type { Suspicion } from './detector.ts';

/** What a detector says that could not look, and why: nothing is suspect, and anything may be poisoned. */
export const notLooked = (detector: string, ...why: readonly string[]): Suspicion => ({
  ...{ detector, rows: [], triggers: [], left: why.map((each) => `${detector}: ${each}`) },
  share: { estimate: 0, low: 0, high: 1 },
});
