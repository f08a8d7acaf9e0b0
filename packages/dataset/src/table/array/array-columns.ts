import { createHash } from 'node:crypto';
import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import type { Element, NumberArray } from '../../array.ts';
import type { LoadedPart } from '../../engine/duckdb-engine.ts';
import type { loadDuckDb } from '../../engine/load-duckdb.ts';
import { type GivenColumn, pieceOf } from '../loaded-table.ts';

type DuckDb = Awaited<ReturnType<typeof loadDuckDb>>;

/** A column whose values are computed from the row's number, from 0. */
export interface ComputedColumn extends GivenColumn {
  readonly at: (row: number) => DuckDBValue;
}

export function* partsOf(columns: readonly ComputedColumn[], rows: number): Generator<LoadedPart> {
  const pieces = pieceOf(columns.length);
  for (let from = 0; from < rows; from += pieces) {
    const length = Math.min(pieces, rows - from);
    yield columns.map(({ at }) => Array.from({ length }, (_, index) => at(from + index)));
  }
}

/**
 * An array of rows as columns: of one dimension one, of two one for each number of a row, of more what can be said of each
 * item (image) as a whole.
 */
export function arrayColumns(array: NumberArray, name: string, duck: DuckDb): ComputedColumn[] {
  const width = array.shape.slice(1).reduce((product, size) => product * size, 1);
  if (array.shape.length > 2) return itemColumns(array, width, name === '' ? '' : `${name}.`, duck);
  const type = typeOf(array.element, duck);
  const column = (title: string, place: (row: number) => number): ComputedColumn => ({
    ...{ name: title, type, native: `${array.element} array` },
    at: (row) => valueOf(array, place(row)),
  });
  if (array.shape.length === 1) return [column(name === '' ? '0' : name, (row) => row)];
  return Array.from({ length: width }, (_, index) =>
    column(name === '' ? String(index) : `${name}.${index}`, (row) => row * width + index),
  );
}

function typeOf(element: Element, { BIGINT, BOOLEAN, DOUBLE, FLOAT, UBIGINT }: DuckDb): DuckDBType {
  return { boolean: BOOLEAN, integer: BIGINT, unsigned: UBIGINT, single: FLOAT, double: DOUBLE }[element];
}

function valueOf({ at, wholeAt, element }: NumberArray, index: number): DuckDBValue {
  if (element === 'boolean') return at(index) !== 0;
  if (wholeAt !== undefined) return wholeAt(index);
  return element === 'integer' ? BigInt(at(index)) : at(index);
}

/** What is said of the numbers of an item: of pixels, from 0 to 255. */
export interface Summary {
  readonly mean: number;
  readonly least: number;
  readonly greatest: number;
  /** Of all numbers, not of a sample of them. */
  readonly deviation: number;
  readonly nonZero: number;
  readonly sha256: string;
}

export function summaryOf(at: (index: number) => number, length: number, bytes: Uint8Array): Summary {
  let [sum, least, greatest, nonZero] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let index = 0; index < length; index += 1) {
    const value = at(index);
    sum += value;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    if (value !== 0) nonZero += 1;
  }
  const mean = sum / length;
  let squares = 0;
  for (let index = 0; index < length; index += 1) squares += (at(index) - mean) ** 2;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { mean, least, greatest, deviation: Math.sqrt(squares / length), nonZero: nonZero / length, sha256 };
}

function itemColumns(array: NumberArray, width: number, prefix: string, { DOUBLE, VARCHAR }: DuckDb): ComputedColumn[] {
  let [known, last]: [row: number, summary: Summary | undefined] = [-1, undefined];
  const summary = (row: number): Summary => {
    if (known === row && last !== undefined) return last;
    const found = summaryOf((index) => array.at(row * width + index), width, array.bytesOf(row * width, width));
    [known, last] = [row, found];
    return found;
  };
  const number = (name: keyof Summary, title: string): ComputedColumn => ({
    ...{ name: `${prefix}${title}`, type: DOUBLE, native: 'of an item' },
    at: (row) => summary(row)[name],
  });
  return [
    ...[number('mean', 'mean'), number('least', 'min'), number('greatest', 'max'), number('deviation', 'deviation')],
    number('nonZero', 'non-zero'),
    { name: `${prefix}sha256`, type: VARCHAR, native: 'of an item', at: (row) => summary(row).sha256 },
  ];
}
