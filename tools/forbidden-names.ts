const words = new Set(['util', 'utils', 'common', 'helper', 'helpers', 'manager', 'managers', 'misc']);

/** A thing lives with the concept that it serves: the paths, from the root, that are named for none. */
export function forbiddenNames(paths: readonly string[]): string[] {
  return paths.filter((path) => path.split(/[/._-]/).some((word) => words.has(word.toLowerCase())));
}
