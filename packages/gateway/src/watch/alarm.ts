/** When something is raised, and when it is over: a value in between changes nothing. */
export interface AlarmBounds {
  readonly raise: number;
  readonly clear: number;
}

export interface AlarmChange {
  /** `gateway.drift.feature.age`. */
  readonly rule: string;
  readonly state: 'raised' | 'cleared';
  readonly value: number;
  readonly bounds: AlarmBounds;
  /** Digest of the model that was served. */
  readonly artifact: string;
  readonly route: string;
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** An alarm with hysteresis: raised from `raise` on where it is certain, over at `clear` or less, and not before it has lasted. */
export class Alarm {
  readonly bounds: AlarmBounds;
  readonly #leastMs: number;
  #since = 0;
  isRaised = false;

  /** @param leastMs how long it is raised at least, in milliseconds */
  constructor(bounds: AlarmBounds, leastMs = 0) {
    this.bounds = bounds;
    this.#leastMs = leastMs;
  }

  /** @param isCertain whether chance alone hardly explains the value */
  look(value: number, isCertain: boolean, nowMs = 0): 'raised' | 'cleared' | undefined {
    if (!this.isRaised && isCertain && value >= this.bounds.raise) {
      this.isRaised = true;
      this.#since = nowMs;
      return 'raised';
    }
    if (this.isRaised && value <= this.bounds.clear && nowMs - this.#since >= this.#leastMs) {
      this.isRaised = false;
      return 'cleared';
    }
    return undefined;
  }
}
