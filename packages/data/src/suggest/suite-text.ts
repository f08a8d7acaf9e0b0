import type { Json } from '../validate/expectation-type.ts';
import type { SuggestedSuite, Suggestion } from './suggestion.ts';

/** The version of Great Expectations whose form the suite has. */
export const writtenFor = '1.24.1';

/**
 * A suite as Great Expectations 1.x stores it: keys in order, two blanks of indentation, NaN and infinite numbers by Python's
 * names. Where it came from and what was left out stands in its `meta`.
 */
export function suiteText(
  name: string,
  { suggestions, left }: SuggestedSuite,
  about: Readonly<Record<string, Json>>,
): string {
  const suite: Json = {
    expectations: suggestions.map(expectation),
    id: null,
    meta: { great_expectations_version: writtenFor, holdfast: { ...about, left } },
    name,
    notes: null,
  };
  return `${JSON.stringify(sorted(suite), undefined, 2)}\n`;
}

function expectation({ type, kwargs, notes, severity }: Suggestion): Json {
  return { kwargs, meta: {}, ...(notes.length === 0 ? {} : { notes }), severity, type };
}

function sorted(value: Json): Json {
  if (isList(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
