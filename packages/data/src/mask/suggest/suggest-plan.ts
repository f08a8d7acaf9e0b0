import type { TableColumn } from '@holdfast/dataset';
import { stringify } from 'yaml';
import { methodFor, type SuggestedMethod } from './method-for.ts';
import type { PersonalColumns } from './personal-columns.ts';
import { rolesText } from './roles-text.ts';

/** A column of the table, and what of its values matters here. */
export interface PlannedColumn extends TableColumn {
  /** Whether nearly every row has a value for itself, as numbers of people, of orders and the like do. */
  readonly isApart: boolean;
}

export interface SuggestedPlan {
  readonly text: string;
  /** Columns that are not kept as they are. */
  readonly masked: number;
  /** Columns among them in which nothing was found, but that tell rows apart. */
  readonly apart: readonly string[];
  /** Places that were named and belong to no column. */
  readonly unplaced: number;
}

/** What was found in one column. */
interface Found {
  readonly types: string[];
  /** Whether what was found is in the cell as it stands: not in a nested value, and not in neighbouring cells together. */
  isWhole: boolean;
}

/**
 * A plan for a table, from what was found in it. Columns in which nothing was found are kept, unless they tell rows apart: a person
 * has to look at it, and at them. What was found in a nested value, or in neighbouring columns together, is a finding of each of
 * them, and no method for the whole value fits a part of it: they are redacted.
 */
export function suggestPlan(columns: readonly PlannedColumn[], found: PersonalColumns): SuggestedPlan {
  const names = new Set(columns.map(({ name }) => name));
  const by = new Map<string, Found>();
  let unplaced = 0;
  for (const [place, entities] of found) {
    const of = columnsOf(place, names);
    if (of.length === 0) unplaced += 1;
    for (const name of of) {
      const known = by.get(name) ?? { types: [], isWhole: true };
      known.types.push(...entities);
      known.isWhole &&= name === place;
      by.set(name, known);
    }
  }
  const apart = columns.filter(({ name, isApart }) => isApart && !by.has(name)).map(({ name }) => name);
  const planned = columns.map((column): [string, object | string] => {
    const suggested = apart.includes(column.name) ? methodOfApart(column) : methodOfFound(column, by.get(column.name));
    return [column.name, Object.keys(suggested).length === 1 ? suggested.method : suggested];
  });
  const plan = { version: 1, others: 'refuse', onFailure: 'redact', columns: Object.fromEntries(planned) };
  const roles = rolesText(columns, new Map([...by].map(([name, { types }]) => [name, types])));
  const text = [head, apartText(apart), roles, stringify(plan, { lineWidth: 0, aliasDuplicateObjects: false })];
  return { text: text.join(''), masked: by.size + apart.length, apart, unplaced };
}

const head = `# A proposal, from what was found in each column. Look at every line: what is kept may still tell who
# somebody is, alone or together with others.
`;

const apartText = (names: readonly string[]): string =>
  names
    .map((name) => `# In ${JSON.stringify(name)} nothing was found, but nearly every row has a value for itself.\n`)
    .join('');

function methodOfFound(column: TableColumn, found: Found | undefined): SuggestedMethod {
  if (found === undefined) return { method: 'keep' };
  return found.isWhole ? methodFor(column, found.types) : { method: 'redact' };
}

/** Rows can still be joined by what tells them apart. */
const methodOfApart = (column: TableColumn): SuggestedMethod => methodFor(column, ['person-number']);

/** What stands after the name of a column where something was found in its nested values. */
const nested = /^(?:[.[]|, (?:names in )?nested values$)/;

/** Columns that a place is in: itself, the ones that stand together (`a + b`), or the one that a nested value is in. */
function columnsOf(place: string, names: ReadonlySet<string>): readonly string[] {
  if (names.has(place)) return [place];
  const together = place.split(' + ');
  if (together.length > 1 && together.every((each) => names.has(each))) return together;
  const outer = [...names].filter((name) => place.startsWith(name) && nested.test(place.slice(name.length)));
  return outer.toSorted((one, other) => other.length - one.length).slice(0, 1);
}
