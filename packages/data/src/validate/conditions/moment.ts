import type { Dialect, TableColumn } from '@holdfast/dataset';
import { notUnderstood } from './not-understood.ts';

const day = String.raw`(\d{4})-(\d{2})-(\d{2})`;
const clock = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?`;
const forms = {
  date: new RegExp(`^${day}$`),
  timestamp: new RegExp(`^${day}(?:[ T]${clock}(Z|[+-]\\d{2}:?\\d{2})?)?$`),
  time: new RegExp(`^()()()${clock}$`),
};

/** A text as a value of a column of dates, times or timestamps. @throws Unanswerable unless it surely is one */
export function momentLiteral(dialect: Dialect, { name, type, native }: TableColumn, text: string): string {
  if (type !== 'date' && type !== 'time' && type !== 'timestamp') throw new Error(`${name} holds no times`);
  const [, year = '', month = '', date = '', hour = '', minute = '', second = '', zone] = forms[type].exec(text) ?? [];
  const isDay = type === 'time' || isDate(Number(year), Number(month), Number(date));
  if (!isDay || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return notUnderstood(`\`${name}\` (${type}) is compared with another text than an ISO one`);
  if (type === 'timestamp' && /with time zone/i.test(native) !== (zone !== undefined))
    return notUnderstood(`\`${name}\` and the time that it is compared with do not both have a time zone`);
  const written = type === 'timestamp' && hour === '' ? `${text} 00:00:00` : text;
  return dialect.tried(dialect.literal(written), type);
}

function isDate(year: number, month: number, day_: number): boolean {
  const at = new Date(Date.UTC(2000, 0, 1));
  at.setUTCFullYear(year, month - 1, day_);
  return year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day_;
}
