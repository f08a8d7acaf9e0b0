import { InferenceError, type InferenceErrorCode, shown } from '../errors.ts';

/** A value of a JSON file with its place in it, taken apart by what is expected of it: anything else is an error with a code. */
export class JsonValue {
  readonly #code: InferenceErrorCode;
  readonly #where: string;
  readonly #value: unknown;

  constructor(code: InferenceErrorCode, where: string, value: unknown) {
    this.#code = code;
    this.#where = where;
    this.#value = value;
  }

  /** @param name of the file, for messages @throws InferenceError with the code, if it is no JSON in UTF-8 */
  static parse(code: InferenceErrorCode, name: string, bytes: Uint8Array): JsonValue {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      return new JsonValue(code, name, JSON.parse(text) as unknown);
    } catch (cause) {
      throw new InferenceError(code, `${shown(name)} is no JSON in UTF-8`, { where: name, cause });
    }
  }

  /** Whether something stands there, and is not `null`. */
  get isThere(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  get isText(): boolean {
    return typeof this.#value === 'string';
  }

  get(key: string): JsonValue {
    const within = this.#object();
    return new JsonValue(this.#code, `${this.#where}: ${key}`, Object.hasOwn(within, key) ? within[key] : undefined);
  }

  /** @param most entries */
  entries(most: number): [string, JsonValue][] {
    const entries = Object.entries(this.#object());
    if (entries.length > most) this.refuse(`has ${entries.length} entries, more than ${most}`);
    return entries.map(([key, value]) => [key, new JsonValue(this.#code, `${this.#where}: ${key}`, value)]);
  }

  /** @param most items */
  items(most: number): JsonValue[] {
    if (!Array.isArray(this.#value)) this.refuse('is no list');
    const items = this.#value as unknown[];
    if (items.length > most) this.refuse(`has ${items.length} items, more than ${most}`);
    return items.map((item, index) => new JsonValue(this.#code, `${this.#where}: ${index}`, item));
  }

  /** @param longest UTF-16 units */
  text(longest: number): string {
    if (typeof this.#value !== 'string') this.refuse('is no text');
    if (this.#value.length > longest) this.refuse(`is longer than ${longest} characters`);
    return this.#value;
  }

  number(): number {
    if (typeof this.#value !== 'number' || !Number.isFinite(this.#value)) this.refuse('is no number');
    return this.#value;
  }

  /** A whole number from 0 on. */
  count(most: number): number {
    const number = this.number();
    if (Number.isSafeInteger(number) && number >= 0 && number <= most) return number;
    return this.refuse(`is no whole number from 0 to ${most}`);
  }

  /** @param otherwise what holds where nothing stands */
  flag(otherwise: boolean): boolean {
    if (!this.isThere) return otherwise;
    return typeof this.#value === 'boolean' ? this.#value : this.refuse('is neither true nor false');
  }

  /** @throws InferenceError with the code of the file */
  refuse(problem: string): never {
    throw new InferenceError(this.#code, `${shown(this.#where)} ${problem}`, { where: this.#where });
  }

  #object(): Record<string, unknown> {
    if (typeof this.#value !== 'object' || this.#value === null || Array.isArray(this.#value)) {
      this.refuse('is no object');
    }
    return this.#value as Record<string, unknown>;
  }
}
