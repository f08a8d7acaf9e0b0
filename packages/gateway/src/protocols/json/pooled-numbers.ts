/** Bytes that one pool has. */
const poolBytes = 65_536;
/** Longer arrays have memory of their own: a few that live long would keep whole pools. */
const longest = 4096;
/** V8 puts arrays up to this many bytes among its own objects. */
const onHeap = 64;

let pool = new ArrayBuffer(poolBytes);
let used = 0;

/** Where the next `bytes` are; they are given once. */
function place(bytes: number): number {
  if (used + bytes > poolBytes) {
    pool = new ArrayBuffer(poolBytes);
    used = 0;
  }
  const at = used;
  used += (bytes + 7) & ~7;
  return at;
}

const isPooled = (bytes: number): boolean => bytes > onHeap && bytes <= longest;

/** Zeros. To ask for memory outside of the heap takes ten times as long as a part of a pool. */
export function doubles(length: number): Float64Array {
  if (!isPooled(8 * length)) return new Float64Array(length);
  const at = place(8 * length);
  return new Float64Array(pool, at, length);
}

/** Zeros. */
export function floats(length: number): Float32Array {
  if (!isPooled(4 * length)) return new Float32Array(length);
  const at = place(4 * length);
  return new Float32Array(pool, at, length);
}
