import { CellFailure } from '../cells/cell-failure.ts';
import { type DateFormat, dateFormats, parseDate, type WrittenDate } from '../cells/written-date.ts';
import { dated, type Method } from './method.ts';

interface PeriodParameters {
  readonly to: 'month' | 'quarter' | 'year' | 'decade';
  readonly format: DateFormat;
  readonly earliest?: number;
}

/** Dates become the month, the quarter, the year or the decade that they are in. */
export const period: Method<PeriodParameters> = {
  title: 'dates become their month, quarter, year or decade',
  parameters: {
    properties: {
      to: { enum: ['month', 'quarter', 'year', 'decade'], default: 'year' },
      format: { enum: [...dateFormats], default: 'YYYY-MM-DD' },
      earliest: { type: 'integer', minimum: 1, maximum: 9999, description: 'all years before this one are one' },
    },
  },
  types: dated,
  make: ({ to, format, earliest }) => ({
    ...{ beside: [], type: 'VARCHAR' },
    transform(text) {
      const date = parseDate(text, format);
      if (date instanceof CellFailure) return date;
      return earliest !== undefined && date.year < earliest ? `< ${earliest}` : periodOf(date, to);
    },
  }),
};

function periodOf({ year, month }: WrittenDate, to: PeriodParameters['to']): string {
  const text = String(year).padStart(4, '0');
  if (to === 'year') return text;
  if (to === 'decade') return `${text.slice(0, 3)}0s`;
  return to === 'quarter' ? `${text}-Q${Math.ceil(month / 3)}` : `${text}-${String(month).padStart(2, '0')}`;
}
