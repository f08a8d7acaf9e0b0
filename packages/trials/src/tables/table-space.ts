import { isNumeric, type TableColumn, type TableColumns } from './columns.ts';
import { type PlacedRules, placedRules } from './row-form.ts';

/** A column and the numbers of a row that hold it. */
export interface Field {
  readonly column: TableColumn;
  readonly start: number;
  readonly width: number;
  /** Somebody can choose it: it is not immutable and follows from nothing. */
  readonly isFree: boolean;
}

/** A table as rows of numbers: where each column lies, and what it may hold. */
export interface TableSpace extends PlacedRules {
  readonly declared: TableColumns;
  readonly fields: readonly Field[];
  /** Fields that somebody can choose a number for, and a category for. */
  readonly numbers: readonly Field[];
  readonly categories: readonly Field[];
  /** Numbers of a row. */
  readonly width: number;
  /** [width] The least and the greatest value of a number, as float32; NaN within categories. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [width] What ε is multiplied with; 0 within categories and for what follows by a rule. */
  readonly scale: Float64Array;
}

/** What the data say about a column. */
interface Seen {
  readonly least: number;
  readonly greatest: number;
  readonly deviation: number;
}

/** @param x [N·width] rows as {@link layoutOf} lays them out; they give the ranges and scales that are not declared */
export function tableSpace(declared: TableColumns, x: Float32Array): TableSpace {
  const fields = layoutOf(declared);
  const width = widthOf(fields);
  const [low, high] = [new Float64Array(width).fill(Number.NaN), new Float64Array(width).fill(Number.NaN)];
  const scale = new Float64Array(width);
  for (const { column, start, isFree } of fields) {
    if (!isNumeric(column)) continue;
    const seen = seenIn(x, start, width);
    low[start] = Math.fround(column.low ?? Math.min(seen.least, column.high ?? seen.least));
    high[start] = Math.fround(column.high ?? Math.max(seen.greatest, column.low ?? seen.greatest));
    const range = (high[start] ?? 0) - (low[start] ?? 0);
    const lengths = { deviation: seen.deviation, range, unit: 1 };
    if (isFree) scale[start] = lengths[declared.scale];
  }
  const free = fields.filter(({ isFree }) => isFree);
  const numbers = free.filter(({ column }) => isNumeric(column));
  const categories = free.filter(({ column }) => !isNumeric(column));
  const space = { declared, fields, numbers, categories, width, low, high, scale };
  const places = new Map(fields.map(({ column, start }) => [column.name, start]));
  return { ...space, ...placedRules(declared, places, { low, high }) };
}

/** Columns one behind the other, a one-hot group as wide as it has categories. */
export function layoutOf({ columns, rules }: TableColumns): Field[] {
  const follows = new Set(rules.map((rule) => (rule.kind === 'equal' ? rule.column : undefined)));
  let start = 0;
  return columns.map((column) => {
    const width = column.kind === 'one-hot' ? column.categories.length : 1;
    const field = { column, start, width, isFree: !column.immutable && !follows.has(column.name) };
    start += width;
    return field;
  });
}

export function widthOf(fields: readonly Field[]): number {
  return fields.reduce((sum, { width }) => sum + width, 0);
}

/** Of finite numbers; the deviation is that of all rows, not of a sample of them. */
function seenIn(x: Float32Array, at: number, width: number): Seen {
  let [least, greatest, sum, square, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let index = at; index < x.length; index += width) {
    const value = x[index] as number;
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    sum += value;
    count += 1;
  }
  const mean = sum / count;
  for (let index = at; index < x.length; index += width) {
    const value = x[index] as number;
    if (Number.isFinite(value)) square += (value - mean) ** 2;
  }
  return { least, greatest, deviation: Math.sqrt(square / count) };
}
