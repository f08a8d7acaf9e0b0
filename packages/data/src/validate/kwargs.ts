import { DataError } from '../errors.ts';

/** The arguments of an expectation, read by name; what nobody has read at the end was not understood. */
export class Kwargs {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #place: string;
  readonly #read = new Set<string>();

  /** @param place for messages: `expectation 3` */
  constructor(given: Readonly<Record<string, unknown>>, place: string) {
    this.#given = given;
    this.#place = place;
  }

  /** A value as it stands there; null is as good as nothing, as it is in GX. */
  raw(name: string): unknown {
    this.#read.add(name);
    return this.#given[name] ?? undefined;
  }

  has(name: string): boolean {
    return this.raw(name) !== undefined;
  }

  /** @throws DataError HF_DATA_SUITE */
  text(name: string): string {
    const value = this.raw(name);
    return typeof value === 'string' ? value : this.refuse(name, 'is no text');
  }

  number(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'number') return value;
    return this.refuse(name, 'is no number');
  }

  flag(name: string, otherwise = false): boolean {
    const value = this.raw(name) ?? otherwise;
    return typeof value === 'boolean' ? value : this.refuse(name, 'is neither true nor false');
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name);
    return Array.isArray(value) ? (value as readonly unknown[]) : this.refuse(name, 'is no list');
  }

  texts(name: string): readonly string[] {
    const values = this.list(name);
    return values.every((value) => typeof value === 'string') ? values : this.refuse(name, 'is no list of texts');
  }

  /** What share of the values it has to hold for, 0 to 1. */
  mostly(): number {
    const value = this.number('mostly') ?? 1;
    return value >= 0 && value <= 1 ? value : this.refuse('mostly', 'is not between 0 and 1');
  }

  /** Names that were given and that nobody asked for. */
  unread(): readonly string[] {
    return Object.keys(this.#given).filter((name) => !this.#read.has(name) && this.#given[name] !== null);
  }

  refuse(name: string, why: string): never {
    throw new DataError('HF_DATA_SUITE', `\`${name}\` of ${this.#place} ${why}`);
  }
}
