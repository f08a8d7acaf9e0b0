import { type Hierarchy, hierarchyOf, type Label, refuse, root } from './hierarchy.ts';

/** What is left of a date, the finest first. */
export const datePrecisions = ['day', 'month', 'quarter', 'year', 'decade'] as const;
export type DatePrecision = (typeof datePrecisions)[number];

const written = /^(-?\d{4,6})-(\d\d)-(\d\d)/;

/**
 * Dates, or the days of timestamps, to the month, the quarter, the year or the decade.
 *
 * @throws DataError HF_DATA_HIERARCHY where a value is no ISO date, or the levels do not get coarser
 */
export function dateHierarchy(column: string, values: readonly Label[], levels: readonly DatePrecision[]): Hierarchy {
  const places = levels.map((level) => datePrecisions.indexOf(level));
  if (places.some((place, at) => at > 0 && place <= (places[at - 1] ?? -1))) {
    refuse(column, 'has levels of dates that do not get coarser', `order them so: ${datePrecisions.join(', ')}`);
  }
  const odd = values.filter((value) => value !== null && !written.test(value)).length;
  if (odd > 0) refuse(column, `is one of dates, and ${odd} of its ${values.length} values are none`);
  const above = levels.map((level) => ({
    name: `to the ${level}`,
    labels: values.map((value) => dateLabel(value, level)),
  }));
  return hierarchyOf(column, values, [...above, { name: 'all one', labels: values.map(() => root) }]);
}

function dateLabel(value: Label, level: DatePrecision): Label {
  const [, year = '', month = '', day = ''] = written.exec(value ?? '') ?? [];
  if (value === null) return null;
  if (level === 'day') return `${year}-${month}-${day}`;
  if (level === 'month') return `${year}-${month}`;
  if (level === 'quarter') return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  return level === 'year' ? year : `${Math.floor(Number(year) / 10) * 10}s`;
}
