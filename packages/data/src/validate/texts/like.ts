import type { Dialect } from '@holdfast/dataset';

/**
 * A pattern of LIKE as a regular expression that RE2 and PostgreSQL share, matching whole texts. Letters of ASCII match in
 * either case, as in the SQLite that Great Expectations is recorded on; `%` and `_` match line feeds too.
 *
 * @returns undefined for what is no pattern
 */
export function likePattern(pattern: string, escape: string | undefined): string | undefined {
  let found = '';
  let isEscaped = false;
  for (const letter of pattern) {
    if (letter === escape && !isEscaped) {
      isEscaped = true;
      continue;
    }
    found += !isEscaped && letter === '%' ? '(.|\\n)*' : !isEscaped && letter === '_' ? '(.|\\n)' : literal(letter);
    isEscaped = false;
  }
  return isEscaped || pattern.includes('\0') ? undefined : `^(${found})$`;
}

function literal(letter: string): string {
  if (/[a-zA-Z]/.test(letter)) return `[${letter.toLowerCase()}${letter.toUpperCase()}]`;
  return /[!-/:-@[-`{-~]/.test(letter) ? `\\${letter}` : letter;
}

/** SQL that is true for texts that are like the pattern. */
export const isLike = (dialect: Dialect, text: string, pattern: string): string => dialect.matches(text, pattern);
