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
  /** Where `exact` is tried. */
  readonly trigger: Trigger;
  /** JavaScript: what is matched; its first group, where it has one, is what is found. Every repetition in it is bounded. */
  readonly exact: string;
  readonly flags: 'u' | 'iu';
  /** The longest that `exact` can match, in UTF-16 units. */
  readonly longest: number;
  /** Whether separators are dropped and letters made upper case before the check. */
  readonly compact: boolean;
}

/** Where a pattern is tried; every place at which it matches has to be one. */
export type Trigger = EdgeTrigger | MarkTrigger;

/** At a sign that no letter or digit of ASCII precedes. */
export interface EdgeTrigger {
  readonly kind: 'edge';
  /** How everything that `exact` matches begins: see `expressionOf`; `\\b` at its end says that no letter or digit of ASCII follows. */
  readonly begins: string;
}

/** At a mark wherever it stands, and before it. */
export interface MarkTrigger {
  readonly kind: 'mark';
  /** One of these is in everything that `exact` matches, in capitals or not; signs below U+0100. */
  readonly marks: readonly string[];
  /** What stands before the first mark in it: signs of a class of JavaScript or beyond ASCII, and how many at most. */
  readonly before?: MarkBefore;
}

interface MarkBefore {
  readonly signs: string;
  readonly most: number;
}

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

/** A form that is no layout, and where it is tried: at what it begins with, or at marks that are in it. */
export type PatternOptions = PatternText & (Pick<EdgeTrigger, 'begins'> | Pick<MarkTrigger, 'marks' | 'before'>);

interface PatternText {
  readonly exact: string;
  readonly longest: number;
  readonly ignoreCase?: true;
  readonly compact?: true;
  readonly telling?: Telling;
}

function markTrigger({ marks, before }: Pick<MarkTrigger, 'marks' | 'before'>): MarkTrigger {
  return before === undefined ? { kind: 'mark', marks } : { kind: 'mark', marks, before };
}

/** A form by its patterns; `exact` brings its own edges. */
export function pattern(name: string, options: PatternOptions): PatternForm {
  return {
    kind: 'pattern',
    name,
    telling: options.telling ?? 'telling',
    trigger: 'begins' in options ? { kind: 'edge', begins: options.begins } : markTrigger(options),
    exact: options.exact,
    flags: options.ignoreCase === true ? 'iu' : 'u',
    longest: options.longest,
    compact: options.compact === true,
  };
}
