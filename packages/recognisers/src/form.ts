/** How much a form says by itself. */
export type Telling =
  /** Nothing but digits in a row: anything. */
  | 'bare'
  /** Digits in groups, or letters in fixed places. */
  | 'grouped'
  /** Hardly anything else is written so. */
  | 'telling';

/** One way in which something is written. */
export type Form = LayoutForm | PatternForm;

/** Signs in fixed places. Separators are dropped and letters made upper case before the check. */
export interface LayoutForm {
  readonly kind: 'layout';
  /** `#` a digit, `A` a letter, `*` either, `@` a digit or a capital letter, every other sign itself; what findings say. */
  readonly name: string;
  readonly telling: Telling;
}

/** Anything else. */
export interface PatternForm {
  readonly kind: 'pattern';
  /** What findings say. */
  readonly name: string;
  readonly telling: Telling;
  /**
   * RE2: matches somewhere within `reach` units of where `exact` begins to match, and rarely otherwise. One that begins at the
   * edge of a word, or with something rare, keeps the automaton small: one that counts from any letter on multiplies it.
   */
  readonly trigger: string;
  /** JavaScript: what is matched; its first group, where it has one, is what is found. Every repetition in it is bounded. */
  readonly exact: string;
  readonly flags: 'u' | 'iu';
  /** The longest that `exact` can match, in UTF-16 units. */
  readonly longest: number;
  /** Whether separators are dropped and letters made upper case before the check. */
  readonly compact: boolean;
}

/** How far a trigger reaches. */
export const reach = 96;

/** The edge of a word, for triggers. */
export const wordEdge = '(?:^|[^0-9A-Za-z])';

function tellingOf(notation: string): Telling {
  return /^#+$/.test(notation) ? 'bare' : 'grouped';
}

/**
 * A layout, which stands alone: no letter or digit of any alphabet beside it, and no digit beyond a point, hyphen or slash.
 * @example
 * layout('###-##-####', 'telling')
 */
export function layout(notation: string, telling: Telling = tellingOf(notation)): LayoutForm {
  return { kind: 'layout', name: notation, telling };
}

/** Several layouts of the same kind. */
export function layouts(...notations: string[]): LayoutForm[] {
  return notations.map((notation) => layout(notation));
}

/** A form that is no layout. */
export interface PatternOptions {
  readonly trigger: string;
  readonly exact: string;
  readonly longest: number;
  readonly ignoreCase?: true;
  readonly compact?: true;
  readonly telling?: Telling;
}

/** A form by its patterns; `exact` brings its own edges. */
export function pattern(name: string, options: PatternOptions): PatternForm {
  return {
    kind: 'pattern',
    name,
    telling: options.telling ?? 'telling',
    trigger: options.trigger,
    exact: options.exact,
    flags: options.ignoreCase === true ? 'iu' : 'u',
    longest: options.longest,
    compact: options.compact === true,
  };
}
