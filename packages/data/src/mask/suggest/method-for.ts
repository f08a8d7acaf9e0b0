import type { TableColumn } from '@holdfast/dataset';
import { type MethodName, methodOf } from '../methods/methods.ts';

/** What a plan says of a column. */
export type SuggestedMethod = Readonly<Record<string, unknown>> & { readonly method: MethodName };

const hashed: SuggestedMethod = { method: 'hash' };

/** What is done with each type of entity; all others are redacted. */
const byType: Readonly<Record<string, SuggestedMethod>> = {
  ...{ 'person-number': hashed, 'case-number': hashed, 'medical-record-number': hashed, 'health-plan-number': hashed },
  ...{ username: hashed, 'account-number': hashed, iban: hashed, email: { method: 'hash', normalise: 'letters' } },
  'credit-card': { method: 'token', alphabet: 'digits', separators: ' -', keepLast: 4 },
  'date-of-birth': { method: 'period', to: 'year' },
  'year-of-birth': { method: 'bins', width: 10 },
  'day-of-care': { method: 'period', to: 'year' },
  age: { method: 'bins', width: 10, above: 90 },
  'postal-code': { method: 'prefix', characters: 2 },
};

/**
 * The method for a column in which some types of entities were found: what tells people apart is hashed, so that rows can still be
 * joined, what is a date or an age becomes coarser, all else is redacted; so is a column of several kinds.
 */
export function methodFor({ type }: TableColumn, found: readonly string[]): SuggestedMethod {
  const [only, ...others] = [...new Set(found)];
  if (only === undefined) return { method: 'keep' };
  const suggested = others.length === 0 && Object.hasOwn(byType, only) ? byType[only] : undefined;
  const fits = suggested !== undefined && methodOf(suggested.method).types?.includes(type) !== false;
  return fits ? suggested : { method: 'redact' };
}
