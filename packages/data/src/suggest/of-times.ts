import type { TableColumn } from '@holdfast/dataset';
import type { Json } from '../validate/expectation-type.ts';
import type { ColumnFacts } from './facts.ts';
import type { Suggestion } from './suggestion.ts';

/**
 * Between which days dates lie; of a file of texts the way in which they are written, since pandas leaves them texts.
 */
export function timesOf({ column, profile, margin, isCsv, isHidden }: ColumnFacts): Suggestion[] {
  const { type } = column;
  if (type !== 'date' && type !== 'timestamp') return [];
  if (isCsv && type === 'date') return [writtenOf(column.name, profile.present)];
  const [least, greatest] = [Date.parse(profile.times?.least ?? ''), Date.parse(profile.times?.greatest ?? '')];
  if (isCsv || isHidden || isZoned(column) || Number.isNaN(least) || Number.isNaN(greatest)) return [];
  const more = margin * (greatest - least);
  const [from, to] = [dayOf(least - more), dayOf(greatest + more + day - 1)];
  if (from === undefined || to === undefined) return [];
  // Great Expectations makes a date of a day, which pandas does not compare with a timestamp.
  const time = type === 'date' ? '' : 'T00:00:00';
  const kwargs: Record<string, Json> = { column: column.name, min_value: from + time, max_value: to + time };
  const seen = `${profile.present} values from ${profile.times?.least ?? ''} to ${profile.times?.greatest ?? ''}`;
  const moved = `ends moved outward by ${Number((margin * 100).toPrecision(3))} % of the width, to whole days`;
  return [{ type: 'expect_column_values_to_be_between', kwargs, notes: [seen, moved], severity: 'critical' }];
}

/** A moment with a time zone, which Python does not compare with one without. */
export const isZoned = ({ native }: TableColumn): boolean => /with time zone$/i.test(native);

function writtenOf(column: string, present: number): Suggestion {
  const kwargs = { column, strftime_format: '%Y-%m-%d' };
  const type = 'expect_column_values_to_match_strftime_format';
  return { type, kwargs, notes: [`${present} values, all written so`], severity: 'critical' };
}

const day = 86_400_000; // milliseconds

/** A day as ISO 8601 has it, of those that pandas has a timestamp for. */
function dayOf(moment: number): string | undefined {
  const date = new Date(moment);
  const year = date.getUTCFullYear();
  return year >= 1678 && year <= 2261 ? date.toISOString().slice(0, 10) : undefined;
}
