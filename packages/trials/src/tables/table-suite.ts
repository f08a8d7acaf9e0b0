import type { TableMember } from './evaluate-table.ts';
import { tableGradient } from './table-gradient.ts';
import { tableSearch } from './table-search.ts';

/** Attacks on a table, in the order in which they run. */
export interface TableSuite {
  readonly attacks: readonly TableMember[];
  /** For other radii: of these, what the model has a gradient for, or else what needs none. */
  readonly curve: readonly TableMember[];
}

const gradient = (steps: number, restarts: number): TableMember => ({
  name: 'table-gradient',
  usesGradient: true,
  attack: tableGradient({ steps, restarts }),
});
const search = (queries: number): TableMember => ({
  name: 'table-search',
  usesGradient: false,
  attack: tableSearch({ queries }),
});

const one = { name: 'table-fast-gradient', usesGradient: true, attack: tableGradient({ steps: 1, step: 1 }) };

/** Seconds for a small model. */
const quick: TableSuite = {
  attacks: [one, gradient(20, 2), search(1000)],
  curve: [gradient(20, 1), search(300)],
};

/** The same with more of everything, for whatever suite there is beside `quick`. */
const thorough: TableSuite = {
  attacks: [one, gradient(100, 5), search(10_000)],
  curve: [gradient(40, 2), search(1000)],
};

/** The attacks on a table that go by the name of a suite. */
export function tableSuite(name: string): TableSuite {
  return name === 'quick' ? quick : thorough;
}
