import type { TableColumn } from '@holdfast/dataset';
import { type Scene, Unanswerable } from '../expectation-type.ts';
import type { Texts } from './judged.ts';

/** The texts of a column that holds texts in pandas too. @throws Unanswerable for any other: Python throws there */
export function plainTexts(column: TableColumn, { tables: [{ engine }] }: Scene): Texts {
  if (column.type === 'text') return { sql: column.value };
  // Dates of a CSV file are texts to pandas, and have the one form that they are known by.
  if (column.type === 'date' && column.native === 'VARCHAR') return { sql: engine.dialect.text(column.value, 'date') };
  throw new Unanswerable(`the values of \`${column.name}\` are no texts, but ${column.type}`);
}
