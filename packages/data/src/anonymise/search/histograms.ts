/** For each class, how often which value is in it: those of class i lie at `starts[i]` to `starts[i + 1]`, ascending by code. */
export interface Histograms {
  /** How many values there are. */
  readonly values: number;
  readonly starts: Int32Array;
  readonly codes: Int32Array;
  /** Rows with the value, beside its code. */
  readonly rows: Int32Array;
}

/** The histograms of classes that others were put into. */
export function joined(from: Histograms, into: Int32Array, count: number): Histograms {
  const order = byClass(into, count);
  const [codes, rows] = [new Int32Array(from.codes.length), new Int32Array(from.codes.length)];
  const starts = new Int32Array(count + 1);
  const sums = new Int32Array(from.values);
  let size = 0;
  for (let id = 0, at = 0; id < count; id += 1) {
    const first = size;
    for (; at < order.length && into[order[at] ?? 0] === id; at += 1) {
      const part = order[at] ?? 0;
      for (let each = from.starts[part] ?? 0; each < (from.starts[part + 1] ?? 0); each += 1) {
        const code = from.codes[each] ?? 0;
        if (sums[code] === 0) codes[size++] = code;
        sums[code] = (sums[code] ?? 0) + (from.rows[each] ?? 0);
      }
    }
    if (size - first > 1) codes.subarray(first, size).sort();
    for (let each = first; each < size; each += 1) {
      const code = codes[each] ?? 0;
      rows[each] = sums[code] ?? 0;
      sums[code] = 0;
    }
    starts[id + 1] = size;
  }
  return { values: from.values, starts, codes: codes.slice(0, size), rows: rows.slice(0, size) };
}

/** The parts in the order of the class that they go into. */
function byClass(into: Int32Array, count: number): Int32Array {
  const next = new Int32Array(count + 1);
  for (const id of into) next[id + 1] = (next[id + 1] ?? 0) + 1;
  for (let id = 0; id < count; id += 1) next[id + 1] = (next[id + 1] ?? 0) + (next[id] ?? 0);
  const order = new Int32Array(into.length);
  for (let part = 0; part < into.length; part += 1) {
    const id = into[part] ?? 0;
    const at = next[id] ?? 0;
    order[at] = part;
    next[id] = at + 1;
  }
  return order;
}
