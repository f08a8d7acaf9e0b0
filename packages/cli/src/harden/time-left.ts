/** How long something will still take, by how long it took so far. */
export class TimeLeft {
  readonly #now: () => number;
  #start: { readonly at: number; readonly done: number } | undefined;

  /** @param now milliseconds of a clock that goes on evenly */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param done 0 to 1 @returns words such as `2 min left`; empty before anything can be said */
  after(done: number): string {
    this.#start ??= { at: this.#now(), done };
    const [spent, share] = [this.#now() - this.#start.at, done - this.#start.done];
    if (share <= 0 || spent < 500) return '';
    return `${duration((spent * (1 - done)) / share / 1000)} left`;
  }
}

/** Seconds in words: `8 s`, `3 min`, `2.5 h`. */
export function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
