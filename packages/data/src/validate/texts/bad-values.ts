import { createHash } from 'node:crypto';
import type { Cell, Dialect } from '@holdfast/dataset';

/** Values that the first rows are looked for by; of a longer one, its hash. */
const [mostNamed, longestNamed] = [100, 500];

/** Where a value is for the first time: part and row. */
type Place = readonly [part: number, row: number];

interface Kept {
  readonly text: string;
  readonly place: Place;
}

/** Counts rows, and keeps the values that are there first, to find their rows by. */
export class BadValues {
  count = 0;
  readonly #dialect: Dialect;
  readonly #sql: string;
  #kept: Kept[] = [];

  constructor(dialect: Dialect, sql: string) {
    this.#dialect = dialect;
    this.#sql = sql;
  }

  add(value: Cell, count: number, place: Place): void {
    this.count += count;
    this.#kept.push({ text: String(value), place });
    if (this.#kept.length >= 2 * mostNamed) this.#kept = firstOf(this.#kept);
  }

  get where(): string {
    const texts = firstOf(this.#kept).map(({ text }) => text);
    const isLong = (text: string): boolean => text.length > longestNamed || text.includes('\0');
    const named = texts.filter((text) => !isLong(text)).map((text) => this.#dialect.literal(text));
    const hashed = texts.filter(isLong).map(hashOf);
    const isNamed = named.length === 0 ? 'FALSE' : `${this.#sql} IN (${named.join(', ')})`;
    if (hashed.length === 0) return isNamed;
    return `(${isNamed} OR ${this.#dialect.hash(this.#sql)} IN (${hashed.join(', ')}))`;
  }
}

const firstOf = (kept: readonly Kept[]): Kept[] =>
  [...kept].sort(({ place: [part, row] }, { place: [other, its] }) => part - other || row - its).slice(0, mostNamed);

/** As {@link Dialect.hash} has it. */
function hashOf(text: string): string {
  const digest = createHash('md5').update(text, 'utf8').digest('hex');
  return BigInt(`0x${digest.slice(0, 15)}`).toString();
}
