import type { z } from 'zod';
import { line } from './scalars.ts';
import { refused } from './wording.ts';

const idString = /^[A-Za-z0-9][A-Za-z0-9.-]*\+?$/;
const licenseRef = /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/;
const operators = new Set(['AND', 'OR', 'WITH']);
/** Deeper than anybody writes; the reader below calls itself. */
const deepest = 16;

/**
 * Whether a text is a licence expression as SPDX 3.0.1 annex B spells it: identifiers, `LicenseRef-…`, `AND`, `OR`,
 * `WITH` and parentheses. Whether an identifier stands on the list of SPDX is not asked: that list grows.
 */
export function isLicenseExpression(text: string): boolean {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const simple = (): boolean => {
    const token = tokens[at] ?? '';
    if (operators.has(token) || !(idString.test(token) || licenseRef.test(token))) return false;
    at += 1;
    if (tokens[at] !== 'WITH') return true;
    at += 1;
    const addition = tokens[at++] ?? '';
    return idString.test(addition) && !operators.has(addition);
  };
  const compound = (depth: number): boolean => {
    for (;;) {
      if (tokens[at] === '(') {
        at += 1;
        if (depth >= deepest || !compound(depth + 1) || tokens[at++] !== ')') return false;
      } else if (!simple()) return false;
      if (tokens[at] !== 'AND' && tokens[at] !== 'OR') return true;
      at += 1;
    }
  };
  return compound(0) && at === tokens.length;
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
