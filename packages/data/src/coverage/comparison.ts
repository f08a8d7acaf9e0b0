import type { ColumnType, Dialect, Table } from '@holdfast/dataset';
import { DataError } from '../errors.ts';
import type { Comparison } from './options.ts';

type Constant = string | number | boolean;

const numbers: ReadonlySet<ColumnType> = new Set(['integer', 'decimal', 'number']);

/**
 * A condition in SQL. Numbers are compared as float64, everything else as its text, in the order of code points; a missing value fits
 * nothing but `missing`.
 * @throws DataError HF_DATA_OPTIONS if there is no such column, or its values are not of the kind of the constant
 */
export function conditionOf(table: Table, comparison: Comparison): string {
  const { dialect } = table.engine;
  const { column: name, is, value } = comparison;
  const column = table.columns.find((each) => each.name === name);
  if (column === undefined) throw refused(`there is no column \`${name.slice(0, 200)}\``);
  if (is === 'missing' || is === 'present') {
    if (value === undefined) return `${column.value} IS ${is === 'missing' ? '' : 'NOT '}NULL`;
    throw refused(`the slice of column \`${name.slice(0, 200)}\` has a \`value\`, which \`${is}\` does not take`);
  }
  const isNumber = numbers.has(column.type);
  const isInexact = column.type === 'bytes' || column.type === 'nested';
  if (isInexact) throw refused(`values of column \`${name.slice(0, 200)}\` cannot be compared`);
  const left = isNumber ? dialect.double(column.value, column.type) : dialect.text(column.value, column.type);
  const constants = valuesOf(comparison).map((each) => constantOf(dialect, each, isNumber, name));
  if (is === 'in') return `${left} IN (${constants.join(', ')})`;
  if (Array.isArray(value))
    throw refused(`the slice of column \`${name.slice(0, 200)}\` takes a list with \`in\` only`);
  return `${left} ${is === '!=' ? '<>' : is} ${constants[0] ?? 'NULL'}`;
}

function valuesOf({ column, value }: Comparison): readonly Constant[] {
  if (value === undefined) throw refused(`the slice of column \`${column.slice(0, 200)}\` lacks a \`value\``);
  return typeof value === 'object' ? value : [value];
}

function constantOf(dialect: Dialect, value: Constant, isNumber: boolean, name: string): string {
  if (!isNumber) return dialect.literal(String(value));
  if (typeof value === 'number') return dialect.double(dialect.literal(value));
  throw refused(
    `column \`${name.slice(0, 200)}\` holds numbers, and is compared with \`${String(value).slice(0, 60)}\``,
  );
}

const refused = (message: string): DataError => new DataError('HF_DATA_OPTIONS', message, { where: 'slices' });
