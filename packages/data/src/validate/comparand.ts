import type { ColumnType, Dialect, TableColumn } from '@holdfast/dataset';
import { Unanswerable } from './expectation-type.ts';

const numeric: readonly ColumnType[] = ['integer', 'number', 'decimal'];

/** A value of an expectation as SQL that equals the values of a column as pandas has it; undefined where none can. */
export function comparand(dialect: Dialect, { type }: TableColumn, value: unknown): string | undefined {
  if (typeof value === 'boolean') {
    if (type === 'boolean') return dialect.literal(value);
    return numeric.includes(type) ? dialect.literal(value ? 1 : 0) : undefined;
  }
  if (typeof value === 'number') {
    if (numeric.includes(type)) return dialect.literal(value);
    if (type === 'boolean') return value === 1 || value === 0 ? dialect.literal(value === 1) : undefined;
    return undefined;
  }
  if (typeof value !== 'string') return undefined;
  if (type === 'text') return dialect.literal(value);
  if (type === 'date' || type === 'timestamp' || type === 'time') return timeLiteral(dialect, type, value);
  return undefined;
}

/** The same, to be compared with `<`. @throws Unanswerable where Python would not compare them */
export function orderedComparand(dialect: Dialect, column: TableColumn, value: unknown): string {
  const sql = comparand(dialect, column, value);
  if (sql !== undefined && column.type !== 'boolean') return sql;
  throw new Unanswerable(
    `values of \`${column.name}\` (${column.type}) cannot be compared with ${JSON.stringify(value)}`,
  );
}

function timeLiteral(dialect: Dialect, type: 'date' | 'timestamp' | 'time', text: string): string | undefined {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const written = type === 'timestamp' && isDay ? `${text} 00:00:00` : text;
  if (type === 'date' && !isDay) return undefined;
  if (type !== 'time' && !isInstant(written)) return undefined;
  return dialect.tried(dialect.literal(written), type);
}

/** Whether a text is a date, or a date and a time, that exists. */
function isInstant(text: string): boolean {
  const [, year, month, day, rest] =
    /^(\d{4})-(\d{2})-(\d{2})((?:[ T]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?)?)$/.exec(text) ?? [];
  if (rest === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}
