/**
 * The one folder that all entries of a PyTorch archive are in, with its slash; undefined where there are several. PyTorch
 * takes that of the first entry (`caffe2/serialize/inline_container.cc`, `init`).
 */
export function archiveRoot(names: ReadonlySet<string>): string | undefined {
  const [first = ''] = names;
  const root = first.slice(0, first.indexOf('/') + 1);
  if (root === '') return undefined;
  for (const name of names) if (!name.startsWith(root)) return undefined;
  return root;
}

/** Whether there is one such folder, and an entry of this name in it. */
export function hasInRoot(names: ReadonlySet<string>, name: string): boolean {
  const root = archiveRoot(names);
  return root !== undefined && names.has(root + name);
}
