/** What a run used. A field is absent where the platform could not measure it; nothing is estimated. */
export interface ResourceTrace {
  /** Monotonic, from start to end of the command. */
  readonly wallMs: number;
  /** User and system time of all its processes; in steps of a clock tick (10 ms). */
  readonly cpuMs?: number;
  /** Highest resident memory seen: of all processes together, or of one by the kernel's own high-water mark. */
  readonly peakRssBytes?: number;
  /** Bytes that went through read calls, page cache and pipes included (`rchar` of proc_pid_io(5)). */
  readonly readBytes?: number;
  /** Bytes that went through write calls (`wchar` of proc_pid_io(5)): the same for a warm and a cold disk. */
  readonly writeBytes?: number;
  /** Different processes seen; those that lived between two samples are missed. */
  readonly processes?: number;
  /** Bytes written to standard output and error, also those that the log has no room for. */
  readonly logBytes: number;
  /** Bytes of the declared outputs; the runner leaves it to whoever digests them. */
  readonly outputBytes?: number;
  /** At most 256, evenly spread: when they are full every second one is dropped. */
  readonly samples: readonly TraceSample[];
}

export interface TraceSample {
  /** Milliseconds since the start. */
  readonly t: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** The most samples a trace keeps. */
export const maximumSamples = 256;

/** Keeps at most {@link maximumSamples} evenly spaced samples of a series whose length nobody knows beforehand. */
export class SampleSeries {
  #kept: TraceSample[] = [];
  #stride = 1;
  #offered = 0;

  add(sample: TraceSample): void {
    if (this.#offered++ % this.#stride !== 0) return;
    if (this.#kept.length === maximumSamples) {
      this.#kept = this.#kept.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
    }
    this.#kept.push(sample);
  }

  get kept(): readonly TraceSample[] {
    return this.#kept;
  }
}
