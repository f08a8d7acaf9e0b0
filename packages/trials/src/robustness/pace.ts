/** How far a trial is, and how long the rest will take: every block of rows takes about as long as those before. */
export class Pace {
  readonly #units: readonly string[];
  readonly #blocks: number;
  /** Of what was done now, not of what was remembered. */
  readonly #spent = new Map<string, { seconds: number; times: number }>();
  #done = 0;

  /** @param units what is done with each block, in order */
  constructor(units: readonly string[], blocks: number) {
    this.#units = units;
    this.#blocks = blocks;
  }

  /** @param seconds that a unit took; undefined where it was remembered */
  finished(unit: string, seconds: number | undefined): void {
    this.#done += 1;
    if (seconds === undefined) return;
    const spent = this.#spent.get(unit) ?? { seconds: 0, times: 0 };
    this.#spent.set(unit, { seconds: spent.seconds + seconds, times: spent.times + 1 });
  }

  /** 0 to 1 */
  get done(): number {
    const [before, all] = [this.#weightOf(0, this.#done), this.#weightOf(0, this.#units.length * this.#blocks)];
    return all === 0 ? 1 : before / all;
  }

  /** Undefined before every kind of unit was seen once. */
  get secondsLeft(): number | undefined {
    if (this.#units.some((unit) => !this.#spent.has(unit))) return undefined;
    return this.#weightOf(this.#done, this.#units.length * this.#blocks);
  }

  /** Seconds of the units from one to another; as long as the others on average where one was not seen. */
  #weightOf(from: number, to: number): number {
    const means = this.#units.map((unit) => {
      const spent = this.#spent.get(unit);
      return spent === undefined ? undefined : spent.seconds / spent.times;
    });
    const seen = means.filter((mean) => mean !== undefined);
    const usual = seen.length === 0 ? 1 : seen.reduce((sum, mean) => sum + mean, 0) / seen.length;
    const upTo = (count: number): number => {
      const whole = Math.floor(count / means.length);
      const sum = (some: readonly (number | undefined)[]): number =>
        some.reduce((all: number, mean) => all + (mean ?? usual), 0);
      return whole * sum(means) + sum(means.slice(0, count % means.length));
    };
    return means.length === 0 ? 0 : upTo(to) - upTo(from);
  }
}
