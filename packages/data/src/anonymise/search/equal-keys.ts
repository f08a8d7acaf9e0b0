/** A column of codes below `size`. */
export interface KeyColumn {
  readonly keys: Int32Array;
  readonly size: number;
}

/** Keys of several columns are put together to numbers below this before they are numbered anew. */
const most = 2 ** 30;
/** A table with an entry for each possible key may be so large, whatever the number of rows. */
const small = 2 ** 16;

/**
 * Numbers the rows so that two have one number where all their keys are equal: from 0, in the order in which they come. Columns are
 * put together as digits of one number (mixed radix), which is numbered anew where it would get too large.
 */
export function equalKeys(
  columns: readonly KeyColumn[],
  rows: number,
): { readonly ids: Int32Array; readonly count: number } {
  let keys = new Int32Array(rows);
  let domain = 1;
  for (const { keys: more, size } of [...columns].sort((one, other) => one.size - other.size)) {
    if (size <= 1) continue;
    if (domain * size > most) ({ ids: keys, count: domain } = numbered(keys, domain));
    if (domain * size > most) {
      ({ ids: keys, count: domain } = pairs(keys, more));
      continue;
    }
    for (let row = 0; row < rows; row += 1) keys[row] = (keys[row] ?? 0) * size + (more[row] ?? 0);
    domain *= size;
  }
  return numbered(keys, domain);
}

interface Numbered {
  readonly ids: Int32Array<ArrayBuffer>;
  readonly count: number;
}

function numbered(keys: Int32Array, domain: number): Numbered {
  if (domain > Math.max(small, 4 * keys.length)) return pairs(keys, undefined);
  const ids = new Int32Array(keys.length);
  const known = new Int32Array(domain);
  let count = 0;
  for (let row = 0; row < keys.length; row += 1) {
    const key = keys[row] ?? 0;
    let id = known[key] ?? 0;
    if (id === 0) known[key] = id = ++count;
    ids[row] = id - 1;
  }
  return { ids, count };
}

/** By a hash table with open addresses over one key or two. */
function pairs(keys: Int32Array, others: Int32Array | undefined): Numbered {
  const rows = keys.length;
  const ids = new Int32Array(rows);
  const bits = Math.max(4, Math.ceil(Math.log2(rows + 1)) + 1);
  const mask = 2 ** bits - 1;
  // The first row of each entry, from 1.
  const table = new Int32Array(mask + 1);
  let count = 0;
  for (let row = 0; row < rows; row += 1) {
    const key = keys[row] ?? 0;
    const other = others === undefined ? 0 : (others[row] ?? 0);
    let at = spread(key, other) >>> (32 - bits);
    for (;;) {
      const first = (table[at] ?? 0) - 1;
      if (first < 0) {
        table[at] = row + 1;
        ids[row] = count++;
        break;
      }
      if (keys[first] === key && (others === undefined || others[first] === other)) {
        ids[row] = ids[first] ?? 0;
        break;
      }
      at = (at + 1) & mask;
    }
  }
  return { ids, count };
}

/** Mixes two whole numbers to 32 bits whose upper ones depend on all of them. */
function spread(key: number, other: number): number {
  let hash = Math.imul(key, 0x9e3779b1) ^ Math.imul(other + 0x7f4a7c15, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return Math.imul(hash ^ (hash >>> 12), 0x9e3779b1);
}
