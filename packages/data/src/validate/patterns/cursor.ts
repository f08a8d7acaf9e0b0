import { Untranslatable } from './untranslatable.ts';

/** Reads a pattern by code points. A backslash and what follows it are one token, as they are for Python's reader. */
export class Cursor {
  readonly #points: readonly string[];
  at = 0;

  constructor(source: string) {
    this.#points = Array.from(source);
  }

  /** The next token without taking it; '' at the end. */
  get next(): string {
    const first = this.#points[this.at] ?? '';
    if (first !== '\\') return first;
    const second = this.#points[this.at + 1];
    if (second === undefined) throw this.invalid('bad escape (end of pattern)');
    return first + second;
  }

  take(): string {
    const token = this.next;
    this.at += token.startsWith('\\') && token.length > 1 ? 2 : token === '' ? 0 : 1;
    return token;
  }

  /** Takes the token if it is this one. */
  accept(token: string): boolean {
    if (this.next !== token) return false;
    this.take();
    return true;
  }

  /** At most `most` tokens of this kind. */
  takeWhile(kind: RegExp, most = Number.POSITIVE_INFINITY): string {
    let taken = '';
    for (let count = 0; count < most && kind.test(this.next); count += 1) taken += this.take();
    return taken;
  }

  /** What stands before the terminator, which is taken too. */
  takeUntil(terminator: string, what: string): string {
    let taken = '';
    for (;;) {
      const token = this.take();
      if (token === '')
        throw this.invalid(taken === '' ? `missing ${what}` : `missing ${terminator}, unterminated name`);
      if (token === terminator) break;
      taken += token;
    }
    if (taken === '') throw this.invalid(`missing ${what}`);
    return taken;
  }

  invalid(message: string): Untranslatable {
    return new Untranslatable('invalid', message, this.at);
  }
}
