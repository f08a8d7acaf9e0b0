/**
 * The middle ranks of values among all of them, from 0 to 1; of what is NaN, one half. Ranks have no unit, and no value is so far
 * away that it outweighs the others.
 */
export function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys())
    .filter((at) => !Number.isNaN(values[at]))
    .sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const found = new Float64Array(values.length).fill(0.5);
  for (let begin = 0; begin < order.length; ) {
    let end = begin;
    while (end < order.length && values[order[end] ?? 0] === values[order[begin] ?? 0]) end += 1;
    const middle = (begin + end) / 2 / order.length;
    for (const at of order.subarray(begin, end)) found[at] = middle;
    begin = end;
  }
  return found;
}
