/** How a value from the user's file is shown in a message: short, on one line, in backticks. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // A message is printed on a terminal: control characters and direction overrides must not reach it.
  const safe = Array.from(text.slice(0, 61), (character) => (unprintable.test(character) ? '\u{FFFD}' : character));
  return `\`${safe.slice(0, 60).join('')}${safe.length > 60 ? '…' : ''}\``;
}

/** Control characters, line separators, direction overrides and lone surrogates: none may stand in a name or a path. */
export const unprintable = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

/** The type of a value in the words of somebody who writes YAML. */
function typeInWords(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'bigint') return 'a number too large';
  if (typeof value === 'string') return `the text ${shown(value)}`;
  return `the ${typeof value} ${shown(value)}`;
}

/** What zod hands to an error function, as far as it is used here. */
interface RawIssue {
  readonly code?: string;
  readonly input?: unknown;
}

/** An error function for zod: says what was expected and what was found instead. */
export function expected(what: string): (issue: RawIssue) => string | undefined {
  return ({ code, input }) => {
    if (code === 'unrecognized_keys' || code === 'invalid_key') return undefined;
    return input === undefined ? `is missing: expected ${what}` : `expected ${what}, found ${typeInWords(input)}`;
  };
}

/** An error function for zod: says that the input is not what it should be, and why. */
export function refused(why: string): (issue: RawIssue) => string {
  return ({ input }) => `${shown(input)} ${why}`;
}

/**
 * The known name nearest to `name` by edit distance, if it is near enough to be meant.
 * @example nearest('comand', ['command', 'inputs']) // 'command'
 */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const wanted = name.slice(0, 64).toLowerCase();
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  if (best === undefined) return undefined;
  const { candidate, distance } = best;
  return distance <= Math.ceil(candidate.length / 3) && distance < candidate.length ? candidate : undefined;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
