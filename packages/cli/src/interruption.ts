/**
 * In a terminal Ctrl-C reaches the launcher and this process, and the launcher passes it on: that is one wish. Only
 * what comes later is a second one.
 */
const sameWishMs = 2000;

/** Ctrl-C and its kin as an AbortSignal; a second one ends the process at once. */
export function interruption(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let first = 0;
  const stop = (): void => {
    if (!controller.signal.aborted) first = performance.now();
    else if (performance.now() - first > sameWishMs) process.exit(130);
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
