/**
 * Whether a path matches a pattern of `*` and `?`, neither of which stands for a slash. Time is bounded by the lengths
 * of the two multiplied.
 *
 * @example
 * matchesGlob('data/a.csv', 'data/*.csv'); // true
 */
export function matchesGlob(path: string, pattern: string): boolean {
  const [names, patterns] = [path.split('/'), pattern.split('/')];
  return names.length === patterns.length && names.every((name, index) => matchesName(name, patterns[index] ?? ''));
}

/** The last `*` takes one more character each time that what follows does not fit. */
function matchesName(name: string, pattern: string): boolean {
  let [at, from] = [0, 0];
  let star: number | undefined;
  let taken = 0;
  while (at < name.length) {
    if (pattern[from] === '*') {
      star = from;
      taken = at;
      from += 1;
    } else if (pattern[from] === '?' || (from < pattern.length && pattern[from] === name[at])) {
      from += 1;
      at += 1;
    } else if (star !== undefined) {
      taken += 1;
      at = taken;
      from = star + 1;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(from));
}
