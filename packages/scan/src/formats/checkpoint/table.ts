import type { ByteSource } from '../../bytes/source.ts';
import { NotUnderstood, PartSource } from '../../bytes/source.ts';

const footerBytes = 48;
/** Behind each block: how it is packed, and a checksum. */
const trailerBytes = 5;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

export interface Entry {
  /** Bytes of its key, which nobody here needs to know. */
  readonly keyLength: number;
  /** Where its value is in the file. */
  readonly start: number;
  readonly end: number;
}

/**
 * The entries of a sorted table as LevelDB has it (doc/table_format.md): blocks of entries, an index of the blocks, a
 * footer. Every byte of the file belongs to one of them.
 *
 * @throws NotUnderstood for packed blocks, and for what is not a table
 */
export function* entriesOf(source: ByteSource): Generator<Entry> {
  const footer = cursor(source, source.size - footerBytes, source.size);
  const [meta, index] = [handleOf(footer), handleOf(footer)];
  const blocks = [...inBlock(source, index)].map(({ start, end }) => handleOf(cursor(source, start, end)));
  requireWhole(source, [...blocks, meta, index]);
  for (const block of blocks) yield* inBlock(source, block);
}

/** The blocks lie one behind the other, from the beginning to the footer. */
function requireWhole(source: ByteSource, blocks: readonly Handle[]): void {
  let at = 0;
  for (const { offset, size } of blocks) {
    if (offset !== at) throw new NotUnderstood('the blocks of the table overlap or leave gaps', offset);
    at += size + trailerBytes;
  }
  if (at !== source.size - footerBytes) throw new NotUnderstood('there are bytes between the table and its footer', at);
}

/** Entries with keys of which only what differs from the last is written, then an array of restarts. */
function* inBlock(source: ByteSource, { offset, size }: Handle): Generator<Entry> {
  if (source.read(offset + size, 1)[0] !== 0) throw new NotUnderstood('a packed block', offset + size);
  if (size < 4) throw new NotUnderstood('a block is too short', offset);
  const tail = source.read(offset + size - 4, 4);
  const restarts = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  const end = offset + size - 4 - restarts * 4;
  if (end < offset) throw new NotUnderstood('a block has more restarts than bytes', offset);
  const at = cursor(source, offset, end);
  let keyLength = 0;
  while (at.left() > 0) {
    const [shared, fresh, length] = [at.varint(), at.varint(), at.varint()];
    if (shared > keyLength || fresh > 2 ** 16)
      throw new NotUnderstood('a key that does not follow from the last', offset);
    keyLength = shared + fresh;
    at.skip(fresh);
    const start = at.skip(length);
    yield { keyLength, start, end: start + length };
  }
}

function handleOf(at: ReturnType<typeof cursor>): Handle {
  return { offset: at.varint(), size: at.varint() };
}

/** Reads a range from its beginning. */
function cursor(source: ByteSource, start: number, end: number) {
  const range = new PartSource(source, start, end - start);
  let at = 0;
  const take = (length: number): number => {
    if (length > range.size - at) throw new NotUnderstood('a table is cut short', start + at);
    at += length;
    return start + at - length;
  };
  return {
    left: () => range.size - at,
    skip: take,
    varint: () => {
      let value = 0;
      for (let index = 0; index < 10; index++) {
        const byte = source.read(take(1), 1)[0] ?? 0;
        value += (byte % 128) * 2 ** (7 * index);
        if (byte < 128) return value;
      }
      throw new NotUnderstood('a number is longer than ten bytes', start + at);
    },
  };
}
