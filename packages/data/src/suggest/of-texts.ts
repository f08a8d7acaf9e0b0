import { type TextPattern, textPatterns } from '../profile/text-patterns.ts';
import type { ColumnFacts } from './facts.ts';
import { mostlyFor } from './margin.ts';
import type { Suggestion } from './suggestion.ts';

/** Lengths of texts, and how those of a known meaning are written. */
export function textsOf(facts: ColumnFacts): Suggestion[] {
  if (facts.column.type !== 'text' || facts.isOtherToPandas) return [];
  return [...patternOf(facts), ...(facts.values === undefined ? lengthsOf(facts) : [])];
}

function patternOf({ column, profile }: ColumnFacts): Suggestion[] {
  const { semantic, present } = profile;
  const [, name] = /^pattern ([a-z]+)/.exec(semantic?.rule ?? '') ?? [];
  if (semantic === undefined || semantic.type === 'mixed' || !isPattern(name)) return [];
  const matching = Math.round(semantic.share * present);
  const mostly = mostlyFor(present - matching, present);
  if (mostly === undefined) return [];
  const kwargs = { column: column.name, regex: textPatterns[name], ...(mostly === 1 ? {} : { mostly }) };
  const notes = [
    `${matching} of ${present} values are written as ${semantic.type}`,
    ...(mostly === 1 ? [] : ['half as many others again may be, and 0.5 %']),
  ];
  return [{ type: 'expect_column_values_to_match_regex', kwargs, notes, severity: 'critical' }];
}

const isPattern = (name: string | undefined): name is TextPattern =>
  name !== undefined && Object.hasOwn(textPatterns, name);

function lengthsOf({ column, profile: { lengths, present }, margin }: ColumnFacts): Suggestion[] {
  if (lengths === undefined) return [];
  const { least, greatest } = lengths;
  const more = least === greatest ? 0 : Math.max(1, Math.ceil(margin * (greatest - least)));
  const kwargs = { column: column.name, min_value: Math.max(0, least - more), max_value: greatest + more };
  const notes = [`${present} texts of ${least} to ${greatest} characters; moved outward by ${more}`];
  return [{ type: 'expect_column_value_lengths_to_be_between', kwargs, notes, severity: 'critical' }];
}
