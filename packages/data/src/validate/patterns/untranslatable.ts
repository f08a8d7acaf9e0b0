/**
 * Why a pattern cannot be run with the meaning that it has in Python.
 * - `invalid`: Python refuses it too; the message is Python's
 * - `character-name`: `\N{…}`
 * - `conditional`: `(?(1)…|…)`
 * - `flag`: `(?t)`, which only some versions of Python know
 * - `scoped-ascii`: `(?a:…)` for a part of a pattern, which CPython does not follow everywhere
 * - `unset-backreference`: a group that may not have matched, or matched in another turn of a loop: engines differ
 * - `caseless-backreference`, `caseless-beyond-bmp`: `(?i)` with a backreference, or with a set of cased characters beyond U+FFFF
 * - `empty-loop`: a part that may be empty is repeated, beside a backreference or an atomic group
 * - `atomic-lookbehind`: an atomic group in a look-behind
 * - `too-long`, `too-deep`, `too-large`: beyond what is tried
 */
export type PatternReason =
  | 'invalid'
  | 'character-name'
  | 'conditional'
  | 'flag'
  | 'scoped-ascii'
  | 'unset-backreference'
  | 'caseless-backreference'
  | 'caseless-beyond-bmp'
  | 'empty-loop'
  | 'atomic-lookbehind'
  | 'too-long'
  | 'too-deep'
  | 'too-large';

/** Ends the reading of a pattern; never leaves this folder. */
export class Untranslatable extends Error {
  readonly reason: PatternReason;
  /** The character at which it became clear, from 0. */
  readonly at: number;

  constructor(reason: PatternReason, message: string, at = 0) {
    super(message);
    this.reason = reason;
    this.at = at;
  }
}
