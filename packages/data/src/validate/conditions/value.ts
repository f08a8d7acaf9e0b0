import type { TableColumn } from '@holdfast/dataset';
import { notUnderstood } from './not-understood.ts';
import type { Constant } from './syntax.ts';

/** What a part of a condition is, as SQL. NULL is a missing value everywhere. */
export type Value =
  | { readonly kind: 'constant'; readonly value: Constant }
  | { readonly kind: 'list'; readonly items: readonly Constant[] }
  /** `isWhole` where pandas computes it with whole numbers, or would without missing values; `isSingle` of float32. */
  | { readonly kind: 'number'; readonly sql: string; readonly isWhole: boolean; readonly isSingle?: boolean }
  | { readonly kind: 'decimal'; readonly sql: string; readonly scale: number }
  | { readonly kind: 'text'; readonly sql: string }
  | { readonly kind: 'time'; readonly sql: string; readonly column: TableColumn }
  /** True, false, and where `missing` names something, also NULL. */
  | { readonly kind: 'truth'; readonly sql: string; readonly missing?: string }
  /** What cannot be compared at all. */
  | { readonly kind: 'opaque'; readonly sql: string; readonly what: string };

/** Characters of SQL: some forms need an operand twice, and its operands four times. */
const longest = 200_000;

/** @throws Unanswerable if it is too long */
export function bounded(sql: string): string {
  return sql.length <= longest ? sql : notUnderstood('it says too much');
}

/** The value of a column as pandas has it. */
export function columnValue(column: TableColumn): Value {
  const { value: sql, type, name } = column;
  switch (type) {
    case 'integer':
    case 'number':
      return { kind: 'number', sql, isWhole: type === 'integer', isSingle: /^(?:FLOAT|REAL)$/i.test(column.native) };
    case 'decimal':
      return { kind: 'decimal', sql, scale: Number(/,\s*(\d+)\)/.exec(column.native)?.[1] ?? 0) };
    case 'text':
      return { kind: 'text', sql };
    case 'boolean':
      return { kind: 'truth', sql, missing: `the column \`${name}\`` };
    case 'date':
    case 'time':
    case 'timestamp':
      return { kind: 'time', sql, column };
    case 'bytes':
    case 'nested':
      return { kind: 'opaque', sql, what: `the column \`${name}\` (${type})` };
  }
}

/** What a value is called in messages. */
export function called(value: Value): string {
  switch (value.kind) {
    case 'constant':
      return value.value === null ? 'None' : JSON.stringify(String(value.value));
    case 'opaque':
      return value.what;
    case 'list':
      return 'a list';
    case 'number':
    case 'decimal':
      return 'a number';
    case 'text':
      return 'a text';
    case 'time':
      return `the column \`${value.column.name}\` (${value.column.type})`;
    case 'truth':
      return 'true or false';
  }
}
