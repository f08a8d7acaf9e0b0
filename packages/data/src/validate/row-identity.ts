import type { Table } from '@holdfast/dataset';
import { Unanswerable } from './expectation-type.ts';

/** What tells the rows of a table apart, in SQL: their numbers, or in a database their keys. */
export interface RowIdentity {
  readonly values: readonly string[];
  /** What stands after ORDER BY: the order of the file, or that of the keys. */
  readonly order: string;
}

/** @throws Unanswerable where nothing tells the rows apart */
export function rowIdentity({ rowNumber, keys, columns, engine: { dialect } }: Table): RowIdentity {
  if (rowNumber !== undefined) return { values: [rowNumber], order: rowNumber };
  const found = columns.filter(({ name }) => keys.includes(name));
  if (found.length === 0 || found.length < keys.length) {
    throw new Unanswerable('the rows of this table have neither numbers nor keys');
  }
  const ordered = keys.flatMap((key) => found.filter(({ name }) => name === key));
  return {
    values: ordered.map(({ value }) => value),
    order: ordered.map(({ value, type }) => dialect.order(value, type, 'ascending')).join(', '),
  };
}

/** SQL that is true for the rows that a query finds, or not, by the columns r0, r1 … that {@link named} gives it. */
export function isAmong({ values }: RowIdentity, query: string, condition: string, not: 'NOT ' | '' = ''): string {
  const columns = values.map((_, index) => `r${index}`).join(', ');
  return `(${values.join(', ')}) ${not}IN (SELECT ${columns} FROM (${query}) AS identified WHERE ${condition})`;
}

export const named = ({ values }: RowIdentity): string =>
  values.map((value, index) => `${value} AS r${index}`).join(', ');
