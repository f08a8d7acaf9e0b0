const collator = new Intl.Collator('en', { numeric: true });

/** Compares paths as people sort them: by folders, `shard-2` before `shard-10`; the same everywhere. */
export function inNaturalOrder(one: string, other: string): number {
  const [left, right] = [one.split('/'), other.split('/')];
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) {
    const order = collator.compare(left[at] ?? '', right[at] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length || (one < other ? -1 : Number(one > other));
}
