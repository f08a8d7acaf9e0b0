import { tooLarge } from './bounded-file.ts';
import { byCodePoint } from './image-folder.ts';
import type { Limits } from './samples.ts';
import type { TextTable } from './text-table.ts';

/** What all rows of a column have in common. */
export interface Surveyed {
  /** Whether every value that is there is a number. */
  readonly isNumeric: boolean;
  /** Whether every value that is there is a whole number of 32 bits. */
  readonly isWhole: boolean;
  /** The different texts, in the order of their code points. */
  readonly texts: () => string[];
}

/** A value of a column, trimmed; undefined where it is missing. */
export type ReadText = (text: string | null) => string | undefined;

/**
 * Reads all rows once, for what has to be known before the first value is worth anything.
 * @throws DatasetError HF_DATASET_LIMIT, HF_DATASET_FORMAT
 */
export async function survey(
  table: TextTable,
  names: readonly string[],
  read: ReadText,
  from: { path: string; limits: Limits },
): Promise<{ rows: number; columns: ReadonlyMap<string, Surveyed> }> {
  const columns = names.map(() => new ColumnSurvey(from.path, from.limits));
  let rows = 0;
  for await (const part of table.parts(names)) {
    rows += part[0]?.length ?? 0;
    if (rows > from.limits.rows) tooLarge(from.path, `has ${rows} rows or more`, 'rows', from.limits);
    for (const [index, texts] of part.entries()) {
      for (const text of texts) columns[index]?.see(read(text));
    }
  }
  return {
    rows,
    columns: new Map(names.map((name, index) => [name, columns[index] ?? new ColumnSurvey(from.path, from.limits)])),
  };
}

class ColumnSurvey implements Surveyed {
  isNumeric = true;
  isWhole = true;
  readonly #seen = new Set<string>();
  readonly #path: string;
  readonly #limits: Limits;

  constructor(path: string, limits: Limits) {
    this.#path = path;
    this.#limits = limits;
  }

  see(text: string | undefined): void {
    if (text === undefined) return;
    if (this.isNumeric) {
      const value = numberOf(text);
      if (value === undefined) this.isNumeric = false;
      if (value === undefined || value !== Math.trunc(value) || Math.abs(value) >= 2 ** 31) this.isWhole = false;
    }
    // Beyond the limit one more is kept, which says that there were too many, should they count.
    if (this.#seen.size <= this.#limits.categories) this.#seen.add(text);
  }

  texts(): string[] {
    if (this.#seen.size > this.#limits.categories) {
      tooLarge(this.#path, 'has a column of more different texts', 'categories', this.#limits);
    }
    return [...this.#seen].toSorted(byCodePoint);
  }
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinite = /^([+-]?)(?:inf|infinity)$/i;

/** The number that a text is, as the decimal that people and programs write; undefined if it is none. */
export function numberOf(text: string): number | undefined {
  if (decimal.test(text)) return Number(text);
  const [all, sign] = infinite.exec(text) ?? [];
  if (all === undefined) return undefined;
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
