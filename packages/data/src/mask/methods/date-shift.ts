import { createSecretKey } from 'node:crypto';
import { CellFailure } from '../cells/cell-failure.ts';
import { type DateFormat, dateFormats, dateText, laterBy, parseDate } from '../cells/written-date.ts';
import { hmac } from './hash.ts';
import { dated, domainProperty, type Method } from './method.ts';

interface ShiftParameters {
  readonly subject: string;
  readonly days: number;
  readonly weeks: boolean;
  readonly format: DateFormat;
  readonly domain?: string;
}

/**
 * All dates of one subject are moved by the same number of days, so that what lies between them stays as it is: by 1 to `days`
 * earlier or later, as the first 8 bytes of HMAC-SHA-256 of the subject's text say. No offset is 0.
 */
export const dateShift: Method<ShiftParameters> = {
  title: 'all dates of a subject are moved by as many days',
  parameters: {
    properties: {
      subject: { type: 'string', minLength: 1, maxLength: 1000, description: 'the column that says whose date it is' },
      days: { type: 'integer', minimum: 7, maximum: 36_500, default: 365, description: 'how far at most' },
      weeks: { type: 'boolean', default: false, description: 'by whole weeks: days of the week stay' },
      format: { enum: [...dateFormats], default: 'YYYY-MM-DD' },
      domain: { ...domainProperty, description: 'the name of the column `subject` unless given' },
    },
    required: ['subject'],
  },
  types: dated,
  columns: ({ subject }) => [subject],
  make({ subject, days, weeks, format, domain }, { key }) {
    const secret = createSecretKey(key().derived('date-shift', domain ?? subject));
    const most = weeks ? Math.floor(days / 7) : days;
    return {
      beside: [subject],
      transform(text, [who = null]) {
        const date = parseDate(text, format);
        if (date instanceof CellFailure) return date;
        if (who === null || who === '') return new CellFailure('no-subject');
        const steps = offsetOf(hmac(secret, who), most);
        const later = laterBy(date, weeks ? steps * 7 : steps);
        return later === undefined ? new CellFailure('out-of-range') : dateText(later, format);
      },
    };
  },
};

/** A whole number from −most to most, but 0; 2⁶⁴ is so much more than 2 · most that no remainder is told from another. */
function offsetOf(mac: Buffer, most: number): number {
  const place = Number(mac.readBigUInt64BE(0) % BigInt(2 * most));
  return place < most ? place - most : place - most + 1;
}
