import type { Dialect, Table, TableColumn } from '@holdfast/dataset';

/**
 * The SQL expression of a row as canonical text: for each column in order `LENGTH:TEXT`, where LENGTH are code points, or `-`
 * where a value is missing, with commas between. What a file or an engine calls its types does not matter: a number
 * that is whole is written as a whole number, whatever its type.
 */
export function rowText({ engine: { dialect }, columns }: Pick<Table, 'engine' | 'columns'>): string {
  if (columns.length === 0) return dialect.literal('');
  const groups = Array.from({ length: Math.ceil(columns.length / together) }, (_, index) =>
    columns.slice(index * together, (index + 1) * together).map((column) => cellTexts(dialect, column)),
  );
  return groups.map((group) => `concat(${group.join(", ',', ")})`).join(` || ',' || `);
}

/** Columns in one call: three texts each, and PostgreSQL takes 100. A chain of `||` copies what it has at each link. */
const together = 32;

function cellTexts(dialect: Dialect, column: TableColumn): string {
  const text = canonical(dialect, column);
  const length = dialect.text(dialect.length(text), 'integer');
  return `COALESCE(${length} || ':', '-'), COALESCE(${text}, '')`;
}

/** Whole numbers of float64 below this are whole numbers of every engine. */
const wholeBelow = 2 ** 53;

function canonical(dialect: Dialect, { type, value }: TableColumn): string {
  const text = dialect.text(value, type);
  if (type !== 'number') return text;
  const whole = dialect.floor(value);
  const range = [-wholeBelow, wholeBelow].map((end) => dialect.double(dialect.literal(end))).join(' AND ');
  // Two cases, one in the other: what is out of range must never be made a whole number.
  const inner = `CASE WHEN ${dialect.double(whole)} = ${value} THEN ${dialect.text(whole, 'integer')} ELSE ${text} END`;
  return `CASE WHEN ${value} BETWEEN ${range} THEN ${inner} ELSE ${text} END`;
}
