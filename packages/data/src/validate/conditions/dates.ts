import type { DatePart, Dialect } from '@holdfast/dataset';
import { notUnderstood } from './not-understood.ts';
import { called, type Value } from './value.ts';

/** What pandas calls the parts of a date. */
const parts: ReadonlyMap<string, DatePart> = new Map([
  ...(['year', 'quarter', 'month', 'day', 'hour', 'minute', 'second'] as const).map((part) => [part, part] as const),
  ...(['dayofweek', 'day_of_week', 'weekday'] as const).map((name) => [name, 'dayOfWeek'] as const),
  ...(['dayofyear', 'day_of_year'] as const).map((name) => [name, 'dayOfYear'] as const),
]);

/**
 * `seen.dt.year` of pandas, which has it of timestamps only: dates are Python's objects to it, and what a file of texts holds are
 * texts. In which zone a timestamp with one is shown stands in no engine.
 *
 * @throws Unanswerable
 */
export function dateField(dialect: Dialect, of: Value, name: string): Value {
  const part = parts.get(name);
  if (part === undefined) return notUnderstood(`\`.dt.${name}\``);
  if (of.kind !== 'time') return notUnderstood(`\`.dt\` of ${called(of)}`);
  const { type, native } = of.column;
  if (type !== 'timestamp' || !/^timestamp/i.test(native)) {
    return notUnderstood(`\`.dt\` of ${called(of)}, which pandas does not read as timestamps`);
  }
  if (/with time zone/i.test(native))
    return notUnderstood(`the zone in which \`${of.column.name}\` is shown is not known`);
  return { kind: 'number', sql: dialect.datePart(of.sql, part), isWhole: true };
}
