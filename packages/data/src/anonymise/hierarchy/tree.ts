import { type Hierarchy, hierarchyOf, type Label, mostLevels, refuse, root } from './hierarchy.ts';

/** Values under the names of what they become: a list of values, or further names. */
export type Tree = readonly (string | number | boolean)[] | { readonly [name: string]: unknown };

/**
 * The hierarchy of a tree whose values all lie equally deep. A missing value stays missing, until all values are one.
 *
 * @throws DataError HF_DATA_HIERARCHY
 */
export function treeHierarchy(column: string, values: readonly Label[], tree: Tree): Hierarchy {
  const paths = new Map<string, readonly string[]>();
  walk(column, tree, [], paths);
  const depths = new Set([...paths.values()].map((path) => path.length));
  if (depths.size > 1) refuse(column, 'has values that do not lie equally deep');
  const unknown = values.filter((value) => value !== null && !paths.has(value)).length;
  if (unknown > 0) refuse(column, `lacks ${unknown} of the ${values.length} values of the table`);
  const depth = [...depths][0] ?? 0;
  const known = values.map((value) => (value === null ? undefined : paths.get(value)));
  for (const value of values) if (value !== null) paths.delete(value);
  const above = Array.from({ length: depth }, (_, at) => ({
    name: depth === 1 ? 'groups' : `groups, level ${at + 1}`,
    labels: known.map((path) => path?.[depth - 1 - at] ?? null),
  }));
  const outside = [...paths.values()].map((path) => [...path].reverse());
  return hierarchyOf(
    column,
    values,
    [...above, { name: 'all one', labels: values.map(() => root) }],
    [...outside.map((path) => [...path, root])],
  );
}

function walk(column: string, tree: unknown, path: readonly string[], paths: Map<string, readonly string[]>): void {
  if (path.length >= mostLevels) refuse(column, `has more than ${mostLevels} levels`);
  if (Array.isArray(tree)) {
    for (const value of (tree as readonly (string | number | boolean)[]).map(String)) {
      if (paths.has(value)) refuse(column, 'names a value twice');
      paths.set(value, path);
    }
    return;
  }
  if (typeof tree !== 'object' || tree === null) refuse(column, 'is no tree of names and lists of values');
  for (const [name, below] of Object.entries(tree)) {
    walk(column, below, [...path, name], paths);
  }
}
