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
  readonly route: string;
  readonly model: string;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** An alarm with hysteresis: raised from `raise` on where it is certain, over at `clear` or less. */
export class Alarm {
  readonly #bounds: AlarmBounds;
  isRaised = false;

  constructor(bounds: AlarmBounds) {
    this.#bounds = bounds;
  }

  /** @param isCertain whether chance alone hardly explains the value */
  look(value: number, isCertain: boolean): 'raised' | 'cleared' | undefined {
    if (!this.isRaised && isCertain && value >= this.#bounds.raise) {
      this.isRaised = true;
      return 'raised';
    }
    if (this.isRaised && value <= this.#bounds.clear) {
      this.isRaised = false;
      return 'cleared';
    }
    return undefined;
  }
}
