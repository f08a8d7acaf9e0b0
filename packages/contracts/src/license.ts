import type { z } from 'zod';
import { line } from './scalars.ts';
import { refused } from './wording.ts';

const idString = /^[A-Za-z0-9][A-Za-z0-9.-]*\+?$/;
const licenseRef = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;
const operators = new Set(['AND', 'OR', 'WITH']);
/** Deeper than anybody writes; the reader below calls itself. */
const deepest = 16;

/** Reads an expression once, and says whether it holds. What is no expression ends in `undefined`. */
class Reader {
  readonly #tokens: readonly string[];
  readonly #holds: (license: string) => boolean;
  #at = 0;

  constructor(text: string, holds: (license: string) => boolean) {
    this.#tokens = text.match(/[()]|[^\s()]+/g) ?? [];
    this.#holds = holds;
  }

  whole(): boolean | undefined {
    const value = this.#either(0);
    return this.#at === this.#tokens.length ? value : undefined;
  }

  #either(depth: number): boolean | undefined {
    let value = this.#both(depth);
    while (value !== undefined && this.#takes('OR')) {
      const other = this.#both(depth);
      value = other === undefined ? undefined : value || other;
    }
    return value;
  }

  #both(depth: number): boolean | undefined {
    let value = this.#one(depth);
    while (value !== undefined && this.#takes('AND')) {
      const other = this.#one(depth);
      value = other === undefined ? undefined : value && other;
    }
    return value;
  }

  #one(depth: number): boolean | undefined {
    if (this.#takes('(')) {
      const value = depth < deepest ? this.#either(depth + 1) : undefined;
      return this.#takes(')') ? value : undefined;
    }
    const license = this.#tokens[this.#at++] ?? '';
    if (operators.has(license) || !(idString.test(license) || licenseRef.test(license))) return undefined;
    if (!this.#takes('WITH')) return this.#holds(license);
    const exception = this.#tokens[this.#at++] ?? '';
    if (operators.has(exception) || !idString.test(exception)) return undefined;
    return this.#holds(`${license} WITH ${exception}`);
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

/**
 * Whether a licence expression (SPDX 3.0.1 annex B: identifiers, `LicenseRef-…`, `AND`, `OR`, `WITH`, parentheses) can
 * be kept to with licences of which each one holds; `undefined` for what is no expression. Whether an identifier stands
 * on the list of SPDX is not asked: that list grows.
 * @example
 * ```ts
 * import { licenseHolds } from '@holdfast/contracts/license';
 * console.assert(licenseHolds('GPL-3.0-only OR MIT', (license) => license === 'MIT') === true);
 * ```
 */
export function licenseHolds(expression: string, holds: (license: string) => boolean): boolean | undefined {
  return new Reader(expression, holds).whole();
}

/** Whether a text is a licence expression. */
export function isLicenseExpression(text: string): boolean {
  return licenseHolds(text, () => true) === true;
}

/** A licence of data: `CC-BY-4.0`, `MIT OR Apache-2.0`, `LicenseRef-our-contract`. */
export const license: z.ZodType<string, string> = line('a licence such as `CC-BY-4.0`', 256).refine(
  isLicenseExpression,
  {
    error: refused(
      'is not an SPDX expression such as `CC-BY-4.0` or `MIT OR Apache-2.0`; one that SPDX does not list is `LicenseRef-NAME`',
    ),
  },
);
