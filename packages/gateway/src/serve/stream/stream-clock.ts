/** Something that runs for a while and is asked every now and then whether it may. */
export interface Ticking {
  /** @param nowMs of a clock that only goes forward */
  tick(nowMs: number): void;
}

/** An admission ends 950 ms after the leaf that withdraws a model at the latest; within the second that is left of it. */
const everyMs = 40;
const ticking = new Set<Ticking>();
let timer: NodeJS.Timeout | undefined;

/** Ticks until what is returned is called. All share one timer, which is there only while one of them is. */
export function tickWhile(one: Ticking): () => void {
  ticking.add(one);
  timer ??= setInterval(tickAll, everyMs);
  return () => {
    ticking.delete(one);
    if (ticking.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tickAll(): void {
  const now = performance.now();
  for (const one of ticking) one.tick(now);
}
