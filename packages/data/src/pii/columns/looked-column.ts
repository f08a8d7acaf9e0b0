import type { ColumnKind } from '../kinds/column-kind.ts';
import type { WholeForms } from './whole-forms.ts';

/** A column, or what stands under one name in the nested values of one. */
export interface LookedColumn {
  /** Its place in the table, from 0. */
  readonly place: number;
  /** What speaks for what stands in it. */
  readonly header: string;
  /** How findings call it: never a value. */
  readonly label: string;
  readonly isText: boolean;
  /** What stood before its numbers and is lost: tables take `+47…` for a number. */
  readonly lost: '' | '+';
}

/** What nearly every cell of a column is held to be. */
export interface Held {
  readonly name: string;
  readonly confidence: number;
  readonly why: readonly string[];
  readonly is: (cell: string) => boolean;
}

/** How `is` is made of what a column is held to be. */
export const isOf =
  (forms: WholeForms | undefined, kind: ColumnKind | undefined) =>
  (cell: string): boolean =>
    forms?.fitOf(cell) === 'passes' || kind?.fits(cell) === true;
