/** A text inside a cell that holds JSON. */
export interface Leaf {
  /** The names that lead to it, without the places in lists. */
  readonly path: readonly string[];
  readonly text: string;
}

/** UTF-16 units of a cell that is opened; what is longer is looked at as it is written. */
const longest = 8 * 1024 * 1024;
const deepest = 64;
const most = 100_000;

const looksNested = /^\s*[[{]/;

/**
 * The values of a cell that holds JSON, and the names in it, which may be values themselves. Nothing where it holds none; `too
 * much` where it is so long, so deep or so many that it is not opened.
 */
export function leavesOf(cell: string): Leaf[] | 'too much' | undefined {
  if (!looksNested.test(cell)) return undefined;
  if (cell.length > longest) return 'too much';
  let value: unknown;
  try {
    value = JSON.parse(cell);
  } catch {
    return undefined;
  }
  const leaves: Leaf[] = [];
  if (typeof value !== 'object' || value === null) return undefined;
  return walk(value, [], leaves) ? leaves : 'too much';
}

/** Whether all of it was looked at. */
function walk(value: unknown, path: readonly string[], leaves: Leaf[]): boolean {
  if (path.length > deepest || leaves.length >= most) return false;
  if (Array.isArray(value)) return value.every((each) => walk(each, [...path, ''], leaves));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).every(([name, each]) => {
      leaves.push({ path: [...path, namesOf], text: name });
      return walk(each, [...path, name], leaves);
    });
  }
  if (typeof value === 'string' || typeof value === 'number') {
    const names = path.filter((name) => name !== '');
    leaves.push({ path: names, text: String(value) });
  }
  return true;
}

/** What the names in an object are called. */
export const namesOf = '{names}';
