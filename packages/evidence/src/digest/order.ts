/**
 * Orders two strings as their UTF-8 bytes (the C locale of `sort`, Go's `sort.Strings`, Python's `str`): by code
 * point. JavaScript's `<` compares UTF-16 units, which puts U+FF5E after U+1F600.
 */
export function compareBytewise(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for U+10000 and above, so they rank after every other unit. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/**
 * Orders two relative POSIX paths component by component, as Python compares `PurePosixPath`s: `a/b` comes before
 * `a-b`, while as strings `a-b` would come first. OpenSSF Model Signing v1 hashes its resources in this order.
 */
export function compareComponents(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareBytewise(left[index] ?? '', right[index] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
