import type { TableColumns } from './columns.ts';
import { combined, type LinearForm } from './linear-form.ts';

/** Σ coefficient · row[at] + constant. */
export interface RowForm {
  readonly terms: readonly { readonly at: number; readonly coefficient: number }[];
  readonly constant: number;
  /** One column against another: compared without any tolerance. */
  readonly isPlain: boolean;
  readonly text: string;
}

/** Rules of a table over the numbers of its rows. */
export interface PlacedRules {
  /** Columns that follow from others, in an order in which they can be worked out. */
  readonly follows: readonly { readonly at: number; readonly form: RowForm }[];
  /** Orders as they are declared: none is above 0. */
  readonly orders: readonly RowForm[];
  /** The same over columns that follow from nothing, with the ranges of those that do. */
  readonly limits: readonly RowForm[];
}

type Places = ReadonlyMap<string, number>;

/** @param places where each column lies in a row @param range of the numbers of a row */
export function placedRules(
  { rules }: TableColumns,
  places: Places,
  range: { readonly low: Float64Array; readonly high: Float64Array },
): PlacedRules {
  const expanded = new Map<string, LinearForm>();
  const follows: { at: number; form: RowForm }[] = [];
  const limits: RowForm[] = [];
  for (const { column, form, text } of inOrder(rules)) {
    const own = expand(form, expanded);
    expanded.set(column, own);
    const at = places.get(column) ?? 0;
    follows.push({ at, form: placed(form, text, places) });
    const [above, below] = [plus(own, 1, -(range.high[at] ?? 0)), plus(own, -1, range.low[at] ?? 0)];
    limits.push(placed(above, text, places), placed(below, text, places));
  }
  const orders = rules.flatMap((rule) => (rule.kind === 'order' ? [rule] : []));
  return {
    follows,
    orders: orders.map(({ form, text }) => placed(form, text, places)),
    limits: [...limits, ...orders.map(({ form, text }) => placed(expand(form, expanded), text, places))],
  };
}

function placed(form: LinearForm, text: string, places: Places): RowForm {
  const terms = form.terms.map(({ column, coefficient }) => ({ at: places.get(column) ?? 0, coefficient }));
  const [first, second, ...more] = terms.map(({ coefficient }) => coefficient);
  const isPlain = form.constant === 0 && Math.abs(first ?? 0) === 1 && second === -(first ?? 0) && more.length === 0;
  return { terms, constant: form.constant, isPlain, text };
}

/** A form over columns that follow from nothing. @param expanded what the others are of these */
function expand(form: LinearForm, expanded: ReadonlyMap<string, LinearForm>): LinearForm {
  const parts = form.terms.map(
    ({ column, coefficient }) =>
      [expanded.get(column) ?? { terms: [{ column, coefficient: 1 }], constant: 0 }, coefficient] as const,
  );
  return combined([[{ terms: [], constant: form.constant }, 1], ...parts]);
}

function plus(form: LinearForm, weight: number, constant: number): LinearForm {
  return combined([
    [form, weight],
    [{ terms: [], constant }, 1],
  ]);
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
