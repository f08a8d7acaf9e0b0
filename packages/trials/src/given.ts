import type { Ball, Bounds } from './attacks/ball.ts';
import { TrialsError } from './errors.ts';

/** Options as somebody gave them, read one by one. Every method throws TrialsError HF_TRIALS_OPTIONS. */
export class Given {
  readonly #values: Readonly<Record<string, unknown>>;

  /** @param known names of options; others are refused */
  constructor(values: Readonly<Record<string, unknown>>, known: Readonly<Record<string, unknown>>) {
    this.#values = values;
    const odd = Object.keys(values).find((name) => !Object.hasOwn(known, name));
    if (odd !== undefined) this.refuse(odd, 'is not known');
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    return typeof value === 'string' || typeof value === 'number' ? String(value) : this.refuse(name, 'is no text');
  }

  /** As it was given. */
  raw(name: string): unknown {
    return this.#values[name];
  }

  texts(name: string): readonly string[] {
    const value = this.#values[name] ?? [];
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'string');
    return isList ? value : this.refuse(name, 'is no list of names');
  }

  number(name: string, otherwise?: number): number {
    const value = this.#values[name] ?? otherwise;
    if (value === undefined) return this.refuse(name, 'is missing');
    return typeof value === 'number' && Number.isFinite(value) ? value : this.refuse(name, 'is no number');
  }

  above(name: string, least: number, otherwise?: number): number {
    const value = this.number(name, otherwise);
    return value > least ? value : this.refuse(name, `is not above ${least}`);
  }

  /** With the lowest, without the highest. */
  between(name: string, lowest: number, highest: number, otherwise?: number): number {
    const value = this.number(name, otherwise);
    return value >= lowest && value < highest ? value : this.refuse(name, `is not from ${lowest} to below ${highest}`);
  }

  whole(name: string, otherwise?: number): number {
    const value = this.number(name, otherwise);
    return Number.isSafeInteger(value) && value > 0 ? value : this.refuse(name, 'is no whole number above 0');
  }

  flag(name: string): boolean {
    const value = this.#values[name] ?? false;
    return typeof value === 'boolean' ? value : this.refuse(name, 'is neither true nor false');
  }

  oneOf<T extends string>(name: string, known: readonly T[], otherwise: T): T {
    const value = this.#values[name] ?? otherwise;
    const listed = known.map((each) => `\`${each}\``).join(', ');
    return known.find((each) => each === value) ?? this.refuse(name, `is none of ${listed}`);
  }

  /** `mean` and `deviation`, a number for each channel. */
  normalise(): { readonly mean: readonly number[]; readonly deviation: readonly number[] } | undefined {
    const [mean, deviation] = [this.#numbers('mean'), this.#numbers('deviation')];
    if (mean === undefined && deviation === undefined) return undefined;
    if (mean === undefined || deviation === undefined || mean.length !== deviation.length) {
      return this.refuse('mean', 'and `deviation` have to be given together, a number for each channel');
    }
    if (deviation.some((each) => each <= 0)) return this.refuse('deviation', 'has a number that is not above 0');
    return { mean, deviation };
  }

  /** `norm` and `epsilon`. Nobody means the same by 0.5 in two norms: none is guessed. */
  ball(): Ball {
    const epsilon = this.above('epsilon', 0);
    if (!this.has('norm')) {
      throw new TrialsError('HF_TRIALS_OPTIONS', 'a radius (`epsilon`) needs a norm: in which is it meant?', {
        fix: 'say `norm`: `linf` for the largest change of a number, `l2` for the length of all changes, `l1` for their sum',
      });
    }
    return { norm: this.oneOf('norm', ['linf', 'l2', 'l1'] as const, 'linf'), epsilon };
  }

  /** `low` and `high`; 0 and 1 unless given. */
  bounds(): Bounds {
    const bounds = { low: this.number('low', 0), high: this.number('high', 1) };
    return bounds.low < bounds.high ? bounds : this.refuse('low', 'is not below `high`');
  }

  #numbers(name: string): readonly number[] | undefined {
    const value = this.#values[name];
    if (value === undefined) return undefined;
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'number' && Number.isFinite(each));
    return isList ? (value as readonly number[]) : this.refuse(name, 'is no list of numbers');
  }

  refuse(name: string, why: string): never {
    throw new TrialsError('HF_TRIALS_OPTIONS', `the option \`${name}\` ${why}`);
  }
}
