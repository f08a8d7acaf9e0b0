import type * as Arrow from 'apache-arrow';

/** Rows of a record batch whose columns take no bytes. */
const mostEmpty = 10_000_000;
const deepest = 32;
/** In Type of Schema.fbs. */
const typeOfNothing = 1;
const typeOfBits = 6;

/**
 * Why the buffers of a column do not hold what it says it has: the reader looks at none of that, and would hand out values
 * that are not there. Undefined where all is well.
 */
export function problemOf(data: Arrow.Data, rows: number, depth = 0): string | undefined {
  if (depth > deepest) return 'is nested too deeply';
  if (data.length !== rows || rows < 0 || !Number.isSafeInteger(rows)) return `has ${data.length} rows of ${rows}`;
  // a column of nothing has no marks
  if ((data.typeId as number) === typeOfNothing)
    return rows > mostEmpty ? 'has more rows than are believed' : undefined;
  if (data.nullCount > 0 && ((data.nullBitmap as Uint8Array | undefined)?.length ?? 0) * 8 < rows)
    return 'has fewer marks of missing values than rows';
  const { stride } = data;
  const [values, offsets] = [
    data.values as ArrayLike<unknown> | undefined,
    data.valueOffsets as ArrayLike<number | bigint> | undefined,
  ];
  const { children } = data;
  if (offsets !== undefined && offsets.length > 0)
    return offsetsProblem(data, offsets, children[0]?.length ?? values?.length ?? 0, depth);
  if (children.length === 0 && values === undefined)
    return rows > mostEmpty ? 'has more rows than are believed' : undefined;
  // eight values of one bit share a byte
  const isBits = values !== undefined && (data.typeId as number) === typeOfBits;
  const needed = isBits ? Math.ceil(rows / 8) : rows * stride;
  if (values !== undefined && children.length === 0 && values.length < needed) return 'has fewer values than rows';
  return children.map((child) => problemOf(child, child.length, depth + 1)).find((problem) => problem !== undefined);
}

function offsetsProblem(
  data: Arrow.Data,
  offsets: ArrayLike<number | bigint>,
  available: number,
  depth: number,
): string | undefined {
  if (offsets.length < data.length + 1 && data.length > 0) return 'has fewer offsets than rows';
  let before = Number(offsets[0] ?? 0);
  if (before < 0) return 'has offsets below 0';
  for (let index = 1; index <= data.length; index += 1) {
    const offset = Number(offsets[index] ?? 0);
    if (offset < before) return 'has offsets that go back';
    before = offset;
  }
  if (before > available) return 'has offsets beyond its values';
  return data.children
    .map((child) => problemOf(child, child.length, depth + 1))
    .find((problem) => problem !== undefined);
}
