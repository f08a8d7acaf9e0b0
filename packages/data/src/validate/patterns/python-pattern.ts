import { parsePython } from './parse.ts';
import { toJavaScript } from './to-javascript.ts';
import { toRe2 } from './to-re2.ts';
import { type PatternReason, Untranslatable } from './untranslatable.ts';

/** How a pattern of Python's can be run with the meaning that it has there. */
export type PythonPattern =
  | {
      /** RE2 has all of it: DuckDB's `regexp_matches` takes `re2` as it is. PostgreSQL's expressions are others. */
      readonly engine: 're2';
      readonly re2: string;
      /** For engines without RE2: the source of a RegExp with the flag `v`. */
      readonly javascript: string;
    }
  | { readonly engine: 'javascript'; readonly javascript: string }
  | { readonly engine: 'none'; readonly reason: PatternReason; readonly message: string; readonly at: number };

/**
 * What runs a pattern of Python's `re` (3.11, for text) exactly: found anywhere in the text, as `re.search` and
 * `Series.str.contains` find it. Where it cannot be run exactly, the engine is `none`, with the reason.
 *
 * `\d`, `\w`, `\s`, `.` and `$` mean what they mean in Python: Unicode, every character but the line feed, and before a last
 * line feed too. Versions of Unicode differ between engines: characters assigned after Unicode 14 may be letters for one only.
 *
 * @example
 * ```ts
 * pythonPattern('^(?=.*\\d).+$');
 * // { engine: 'javascript', javascript: '…' }
 * ```
 */
export function pythonPattern(source: string): PythonPattern {
  try {
    const node = parsePython(source);
    const javascript = toJavaScript(node);
    const re2 = toRe2(node);
    return re2 === undefined ? { engine: 'javascript', javascript } : { engine: 're2', re2, javascript };
  } catch (problem) {
    if (!(problem instanceof Untranslatable)) throw problem;
    return { engine: 'none', reason: problem.reason, message: problem.message, at: problem.at };
  }
}
