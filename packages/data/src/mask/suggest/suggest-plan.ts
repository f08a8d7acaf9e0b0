import type { TableColumn } from '@holdfast/dataset';
import { stringify } from 'yaml';
import { methodFor } from './method-for.ts';
import type { PersonalColumns } from './personal-columns.ts';

export interface SuggestedPlan {
  readonly text: string;
  /** Columns of which something was found. */
  readonly masked: number;
  /** Places that were named and belong to no column. */
  readonly unplaced: number;
}

/**
 * A plan for a table, from what was found in it. Columns in which nothing was found are kept: a person has to look at it, and at them.
 * What was found in a nested value, or in neighbouring columns together, is a finding of each of them.
 */
export function suggestPlan(columns: readonly TableColumn[], found: PersonalColumns): SuggestedPlan {
  const names = new Set(columns.map(({ name }) => name));
  const types = new Map<string, string[]>();
  let unplaced = 0;
  for (const [place, entities] of found) {
    const of = columnsOf(place, names);
    if (of.length === 0) unplaced += 1;
    for (const name of of) types.set(name, [...(types.get(name) ?? []), ...entities]);
  }
  const planned = columns.map(({ name, ...column }): [string, object | string] => {
    const suggested = methodFor({ name, ...column }, types.get(name) ?? []);
    return [name, Object.keys(suggested).length === 1 ? suggested.method : suggested];
  });
  const plan = { version: 1, others: 'refuse', onFailure: 'redact', columns: Object.fromEntries(planned) };
  return { text: `${head}${stringify(plan, { lineWidth: 0 })}`, masked: types.size, unplaced };
}

const head = `# A proposal, from what was found in each column. Look at every line: what is kept may still tell who
# somebody is, alone or together with others.
`;

/** Columns that a place is in: itself, the ones that stand together (`a + b`), or the one that a nested value is in. */
function columnsOf(place: string, names: ReadonlySet<string>): readonly string[] {
  if (names.has(place)) return [place];
  const together = place.split(' + ');
  if (together.length > 1 && together.every((each) => names.has(each))) return together;
  const outer = [...names].filter((name) => place.startsWith(name) && /^[.[]/.test(place.slice(name.length)));
  return outer.toSorted((one, other) => other.length - one.length).slice(0, 1);
}
