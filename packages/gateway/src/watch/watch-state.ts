import type { Watch } from './watch.ts';

/** Rows of the table of callers. */
const mostShown = 50;

/** What the page shows: plain JSON. */
export function watchState(watch: Watch): Record<string, unknown> {
  const callers = [...watch.callers].map(([caller, counts]) => ({ caller, ...counts }));
  callers.sort((a, b) => b.throttled - a.throttled || b.answered + b.refused - (a.answered + a.refused));
  return {
    time: Date.now(),
    recent: watch.recent(),
    routes: watch.routes.map(({ about, statuses, codes, latencies, rows, watch: seen }) => ({
      ...about,
      rows,
      statuses: Object.fromEntries(statuses),
      codes: Object.fromEntries(codes),
      median: latencies.quantile(0.5) ?? null,
      slowest: latencies.quantile(0.99) ?? null,
      drift: seen.drift,
      scores: seen.scores ?? null,
      raised: seen.raised,
      window: seen.rows,
      windows: seen.windows,
    })),
    callers: callers.slice(0, mostShown),
    callersLeft: Math.max(0, callers.length - mostShown),
    throttled: watch.throttled.toReversed().slice(0, mostShown),
    alarms: watch.alarms.toReversed().slice(0, mostShown),
  };
}
