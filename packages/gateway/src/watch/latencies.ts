/** Upper ends, in seconds, as Prometheus' client libraries have them, and two finer ones. */
export const latencyBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How long requests took: a count for each bucket. */
export class Latencies {
  readonly counts = new Float64Array(latencyBounds.length + 1);
  sum = 0;
  count = 0;

  add(seconds: number): void {
    let bucket = 0;
    while (bucket < latencyBounds.length && seconds > (latencyBounds[bucket] as number)) bucket += 1;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += seconds;
    this.count += 1;
  }

  /** Seconds, straight through the bucket that it falls into; beyond the last end, that. Undefined without requests. */
  quantile(probability: number): number | undefined {
    if (this.count === 0) return undefined;
    let before = 0;
    for (let bucket = 0; bucket < latencyBounds.length; bucket += 1) {
      const held = this.counts[bucket] as number;
      if (held > 0 && before + held >= probability * this.count) {
        const low = bucket === 0 ? 0 : (latencyBounds[bucket - 1] as number);
        return low + (((latencyBounds[bucket] as number) - low) * (probability * this.count - before)) / held;
      }
      before += held;
    }
    return latencyBounds.at(-1);
  }
}
