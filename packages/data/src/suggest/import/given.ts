import { DataError } from '../../errors.ts';
import type { Json } from '../../validate/expectation-type.ts';
import type { SuiteSeverity } from '../../validate/suite.ts';
import type { SuggestedSuite, Suggestion } from '../suggestion.ts';

/** What of a schema has become an expectation, and what has no counterpart. */
export class Imported {
  readonly #suggestions: Suggestion[] = [];
  readonly #left: string[] = [];

  add(type: string, kwargs: Readonly<Record<string, Json>>, note: string, severity: SuiteSeverity = 'critical'): void {
    this.#suggestions.push({ type, kwargs, notes: [note], severity });
  }

  /** Something has no counterpart, or not one that says the very same. */
  leave(what: string): void {
    this.#left.push(what.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{FFFD}').slice(0, 400));
  }

  suite(): SuggestedSuite {
    return { suggestions: this.#suggestions, left: this.#left };
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** @throws DataError HF_DATA_SCHEMA */
export function refuse(why: string): never {
  throw new DataError('HF_DATA_SCHEMA', `the schema cannot be read: ${why}`);
}

export function fieldsOf(given: unknown, what: string): Fields {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Fields;
  return refuse(`${what} is no object`);
}

export function listOf(given: unknown, what: string): readonly unknown[] {
  return Array.isArray(given) ? (given as readonly unknown[]) : refuse(`${what} is no list`);
}

export function textOf(given: unknown, what: string): string {
  return typeof given === 'string' ? given : refuse(`${what} is no text`);
}

export function textsOf(given: unknown, what: string): readonly string[] {
  return listOf(given, what).map((each) => textOf(each, `an entry of ${what}`));
}

export function flagOf(given: unknown, what: string): boolean {
  if (given === undefined || given === null) return false;
  return typeof given === 'boolean' ? given : refuse(`${what} is neither true nor false`);
}

export function numberOf(given: unknown, what: string): number {
  return typeof given === 'number' && Number.isFinite(given) ? given : refuse(`${what} is no number`);
}

/** A name as messages show it. */
export const shown = (name: string): string => `\`${name.slice(0, 200)}\``;

/** Numbers, texts and truth values, which sets are of. */
export function plainValues(given: unknown, what: string): readonly (string | number | boolean)[] {
  return listOf(given, what).map((each) =>
    typeof each === 'string' || typeof each === 'boolean' || (typeof each === 'number' && Number.isFinite(each))
      ? each
      : refuse(`${what} holds something that is neither number, text nor truth value`),
  );
}
