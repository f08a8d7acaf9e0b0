import { binomialInterval } from '@holdfast/statistics';

/** What was found of poison, and what was accused wrongly, summed over runs. */
export class Rates {
  runs = 0;
  alarms = 0;
  cpu = 0;
  #found = 0;
  #poisoned = 0;
  #wrong = 0;
  #clean = 0;

  add(accused: Iterable<number>, isPoisoned: ReadonlySet<number>, rows: number, cpu: number): void {
    const all = [...new Set(accused)];
    const hits = all.filter((row) => isPoisoned.has(row)).length;
    this.runs += 1;
    this.alarms += Number(all.length > 0);
    this.cpu += cpu;
    this.#found += hits;
    this.#poisoned += isPoisoned.size;
    this.#wrong += all.length - hits;
    this.#clean += rows - isPoisoned.size;
  }

  /** Of the poisoned rows, those that were found; nothing where there are none. */
  get found(): string {
    return this.#poisoned === 0 ? '' : (this.#found / this.#poisoned).toFixed(3);
  }

  /** Of the clean rows, those that were accused. */
  get wrongly(): string {
    return this.#clean === 0 ? '' : (this.#wrong / this.#clean).toFixed(4);
  }

  /** Runs with an alarm, and the share of runs that are to be expected to have one at most, with 95 % confidence. */
  get alarmed(): string {
    if (this.runs === 0) return '';
    const { high } = binomialInterval(this.alarms, this.runs, 0.95, 'clopper-pearson');
    return `${this.alarms} of ${this.runs} (at most ${(100 * high).toFixed(1)} %)`;
  }
}
