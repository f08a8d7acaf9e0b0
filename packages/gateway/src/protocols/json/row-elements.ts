import type { Elements } from '../inference.ts';
import type { JsonReader } from './json-reader.ts';

/** Takes the elements of one tensor in row-major order. */
export interface RowElements {
  /** Whether plain numbers may come many at a time, and whether those have to be whole. */
  readonly takes: 'numbers' | 'whole numbers' | 'others';
  /** Takes the first `count` of `numbers`, which stand before the reader's place. */
  many(numbers: Float64Array, count: number, reader: JsonReader): void;
  /** Takes one element from the reader. */
  one(reader: JsonReader): void;
  finish(): Elements;
}

/** Shared: nothing is kept in it between two calls. */
const scratch = new Float64Array(1024);

/**
 * Reads an array that holds elements only.
 * @returns how many it held
 */
export function readRow(reader: JsonReader, elements: RowElements): number {
  reader.openArray();
  let length = 0;
  if (reader.peek() === 0x5d) {
    reader.closeArray();
    return 0;
  }
  for (;;) {
    if (elements.takes !== 'others') {
      const count = reader.plainNumbers(scratch, elements.takes === 'whole numbers');
      if (count > 0) elements.many(scratch, count, reader);
      length += count;
      if (reader.peek() === 0x5d) break;
      if (count === scratch.length) continue;
    }
    elements.one(reader);
    length += 1;
    if (!reader.comma()) break;
  }
  reader.closeArray();
  return length;
}

/** Whether the array that the reader stands before holds arrays; undefined when it holds nothing. */
export function holdsArrays(reader: JsonReader): boolean | undefined {
  const before = reader.at;
  reader.at += 1;
  const code = reader.peek();
  reader.at = before;
  return code === 0x5d ? undefined : code === 0x5b;
}
