import { isNumeric, type TableColumn, type TableColumns } from './columns.ts';
import { combined, type LinearForm } from './linear-form.ts';

/** A column and the numbers of a row that hold it. */
export interface Field {
  readonly column: TableColumn;
  readonly start: number;
  readonly width: number;
  /** Somebody can choose it: it is not immutable and follows from nothing. */
  readonly isFree: boolean;
}

/** Σ coefficient · row[at] + constant. */
export interface RowForm {
  readonly terms: readonly { readonly at: number; readonly coefficient: number }[];
  readonly constant: number;
  /** One column against another: compared without any tolerance. */
  readonly isPlain: boolean;
  readonly text: string;
}

/** A table as rows of numbers: where each column lies, and what it may hold. */
export interface TableSpace {
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
  /** Columns that follow from others, in an order in which they can be worked out. */
  readonly follows: readonly { readonly at: number; readonly form: RowForm }[];
  /** Orders as they are declared: none is above 0. */
  readonly orders: readonly RowForm[];
  /** The same over free columns alone, with the ranges of columns that follow. */
  readonly limits: readonly RowForm[];
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
  const [low, high, scale] = [0, 1, 2].map(() => new Float64Array(width)) as [Float64Array, Float64Array, Float64Array];
  low.fill(Number.NaN);
  high.fill(Number.NaN);
  for (const { column, start, isFree } of fields) {
    if (!isNumeric(column)) continue;
    const seen = seenIn(x, start, width);
    low[start] = Math.fround(column.low ?? Math.min(seen.least, column.high ?? seen.least));
    high[start] = Math.fround(column.high ?? Math.max(seen.greatest, column.low ?? seen.greatest));
    const [least = 0, greatest = 0] = [low[start], high[start]];
    const lengths = { deviation: seen.deviation, range: greatest - least, unit: 1 };
    if (isFree) scale[start] = lengths[declared.scale];
  }
  const free = fields.filter(({ isFree }) => isFree);
  const numbers = free.filter(({ column }) => isNumeric(column));
  const categories = free.filter(({ column }) => !isNumeric(column));
  const space = { declared, fields, numbers, categories, width, low, high, scale };
  return { ...space, ...rulesOf(declared, fields, { low, high }) };
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

function rulesOf(
  { rules }: TableColumns,
  fields: readonly Field[],
  range: { readonly low: Float64Array; readonly high: Float64Array },
): Pick<TableSpace, 'follows' | 'orders' | 'limits'> {
  const places = new Map(fields.map(({ column, start }) => [column.name, start]));
  const placed = (form: LinearForm, text: string): RowForm => {
    const terms = form.terms.map(({ column, coefficient }) => ({ at: places.get(column) ?? 0, coefficient }));
    const isPlain =
      form.constant === 0 && terms.length === 2 && terms.every(({ coefficient }) => Math.abs(coefficient) === 1);
    return { terms, constant: form.constant, isPlain, text };
  };
  /** What a column that follows is of free and immutable columns alone. */
  const expanded = new Map<string, LinearForm>();
  const expand = (form: LinearForm): LinearForm =>
    combined([
      [{ terms: [], constant: form.constant }, 1],
      ...form.terms.map(
        ({ column, coefficient }) =>
          [expanded.get(column) ?? { terms: [{ column, coefficient: 1 }], constant: 0 }, coefficient] as const,
      ),
    ]);
  const follows: { at: number; form: RowForm }[] = [];
  const limits: RowForm[] = [];
  for (const { column, form, text } of inOrder(rules)) {
    const own = expand(form);
    expanded.set(column, own);
    const at = places.get(column) ?? 0;
    follows.push({ at, form: placed(form, text) });
    const bound = (weight: number, constant: number): RowForm =>
      placed(
        combined([
          [own, weight],
          [{ terms: [], constant }, 1],
        ]),
        text,
      );
    limits.push(bound(1, -(range.high[at] ?? 0)), bound(-1, range.low[at] ?? 0));
  }
  const orders = rules.flatMap((rule) => (rule.kind === 'order' ? [rule] : []));
  return {
    follows,
    orders: orders.map(({ form, text }) => placed(form, text)),
    limits: [...limits, ...orders.map(({ form, text }) => placed(expand(form), text))],
  };
}

type EqualRule = Extract<TableColumns['rules'][number], { kind: 'equal' }>;

/** Equalities, each behind those that its columns follow from. */
function inOrder(rules: TableColumns['rules']): EqualRule[] {
  const equal = rules.flatMap((rule) => (rule.kind === 'equal' ? [rule] : []));
  const left = new Map(equal.map((rule) => [rule.column, rule]));
  const sorted: EqualRule[] = [];
  const visit = (rule: EqualRule): void => {
    if (!left.delete(rule.column)) return;
    for (const { column } of rule.form.terms) {
      const before = left.get(column);
      if (before !== undefined) visit(before);
    }
    sorted.push(rule);
  };
  for (const rule of equal) visit(rule);
  return sorted;
}

/** The value of a form for a row. */
export function valueOf({ terms, constant }: RowForm, row: ArrayLike<number>, start = 0): number {
  let sum = constant;
  for (const { at, coefficient } of terms) sum += coefficient * (row[start + at] as number);
  return sum;
}

/** By how much a form may miss because its numbers are float32. */
export function slackOf({ terms, constant, isPlain }: RowForm, row: ArrayLike<number>, start = 0): number {
  if (isPlain) return 0;
  let size = Math.abs(constant);
  for (const { at, coefficient } of terms) size += Math.abs(coefficient * (row[start + at] as number));
  return 1e-6 * size + 1e-12;
}
