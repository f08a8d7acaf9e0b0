import { type ByteSource, NotUnderstood } from '../source.ts';
import { BitReader } from './bit-reader.ts';
import { Bzip2Block } from './bzip2-block.ts';

const outputBytes = 2 ** 17;
/** Times the level: the largest block. */
const levelBytes = 100_000;

/**
 * Streams of bzip2, one after the other. There is no standard: this follows bzip2 1.0.8 and the format that Joe Tsai
 * wrote down (https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf), without the blocks that version 0.9.0
 * scrambled.
 */
export function* bunzip2(source: ByteSource): Generator<Uint8Array, number> {
  let at = 0;
  // One for all blocks: a file may have a million of them, each with hardly a byte.
  const chain = new Uint32Array(9 * levelBytes);
  do at = yield* stream(source, at, chain);
  while (isStream(source, at));
  return at;
}

function isStream(source: ByteSource, at: number): boolean {
  if (source.size - at < 4) return false;
  const [b, z, h, level] = source.read(at, 4);
  return b === 0x42 && z === 0x5a && h === 0x68 && level !== undefined && level >= 0x31 && level <= 0x39;
}

function* stream(source: ByteSource, start: number, chain: Uint32Array): Generator<Uint8Array, number> {
  if (!isStream(source, start)) throw new NotUnderstood('no header of bzip2', start);
  const most = ((source.read(start, 4)[3] ?? 0) - 0x30) * levelBytes;
  const reader = new BitReader(source, start + 4);
  let combined = 0;
  for (;;) {
    const [high, low] = [reader.bits(24), reader.bits(24)];
    const sum = reader.u32();
    if (high === 0x177245 && low === 0x385090) {
      if (sum !== combined) throw new NotUnderstood('broken: the checksum is another', reader.offset);
      return reader.offset;
    }
    if (high !== 0x314159 || low !== 0x265359) throw new NotUnderstood('broken: no block of bzip2', reader.offset);
    yield* blockOf(reader, chain.subarray(0, most), sum);
    combined = (((combined << 1) | (combined >>> 31)) ^ sum) >>> 0;
  }
}

function* blockOf(reader: BitReader, chain: Uint32Array, sum: number): Generator<Uint8Array, void> {
  const block = new Bzip2Block(reader, chain);
  for (;;) {
    const piece = block.next(outputBytes);
    if (piece.byteLength === 0) break;
    yield piece;
  }
  if (block.checksum !== sum) throw new NotUnderstood('broken: a block has another checksum', reader.offset);
}
