import type { Dialect, TableColumn } from '@holdfast/dataset';

/** What of a column is compared: its text, in one form on every side. */
export interface Compared {
  readonly name: string;
  /** SQL: the text of the value, NULL of none. */
  readonly text: string;
}

export function comparedOf(dialect: Dialect, { name, value, type }: TableColumn): Compared {
  return { name, text: dialect.text(value, type) };
}

/**
 * SQL: one text for a row, the same for two rows just when all compared values are the same; NULL is a value of its own. Each
 * value stands behind its length, so that no value can look like the end of another one.
 */
export function rowText(dialect: Dialect, columns: readonly Compared[]): string {
  return joined(columns.map(({ text }) => valueText(dialect, text)));
}

function valueText(dialect: Dialect, text: string): string {
  return `CASE WHEN ${text} IS NULL THEN '-' ELSE ${dialect.text(dialect.length(text), 'integer')} || ':' || ${text} END`;
}

/** As a tree: engines refuse an expression that is ten thousand levels deep. */
function joined(parts: readonly string[]): string {
  const [first = "''"] = parts;
  if (parts.length < 2) return first;
  const middle = Math.ceil(parts.length / 2);
  return `(${joined(parts.slice(0, middle))} || ${joined(parts.slice(middle))})`;
}
