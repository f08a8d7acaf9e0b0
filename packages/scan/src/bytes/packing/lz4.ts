import { ByteReader } from '../byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../source.ts';
import { unlz4Block } from './lz4-block.ts';
import { XxHash32 } from './xxhash32.ts';

const magic = 0x184d2204;
/** Matches reach back so far, also into blocks before. */
const windowBytes = 2 ** 16;

interface Lz4Frame {
  readonly isLinked: boolean;
  readonly hasBlockSums: boolean;
  readonly hasSum: boolean;
  readonly size: bigint | undefined;
  readonly mostBlock: number;
}

/** Frames of LZ4 (LZ4 Frame Format 1.6.4), one after the other. */
export function* unlz4(source: ByteSource): Generator<Uint8Array, number> {
  const reader = new ByteReader(source);
  do yield* frame(source, reader);
  while (reader.left >= 4 && new ByteReader(source, reader.at).u32() === magic);
  return reader.at;
}

function* frame(source: ByteSource, reader: ByteReader): Generator<Uint8Array, void> {
  const header = readHeader(source, reader);
  const sum = new XxHash32();
  let size = 0;
  let window = new Uint8Array(0);
  for (;;) {
    const bytes = readBlock(reader, header, window);
    if (bytes === undefined) break;
    if (header.isLinked) window = lastOf(window, bytes);
    sum.update(bytes);
    size += bytes.byteLength;
    yield bytes;
  }
  if (header.hasSum && reader.u32() !== sum.value)
    throw new NotUnderstood('broken: the checksum is another', reader.at);
  if (header.size !== undefined && header.size !== BigInt(size)) {
    throw new NotUnderstood('broken: the size is another', reader.at);
  }
}

function readHeader(source: ByteSource, reader: ByteReader): Lz4Frame {
  const start = reader.at;
  if (reader.u32() !== magic) throw new NotUnderstood('no frame of LZ4', start);
  const [flags, block] = [reader.u8(), reader.u8()];
  const mostBlock = [0, 0, 0, 0, 2 ** 16, 2 ** 18, 2 ** 20, 2 ** 22][(block >> 4) & 7] ?? 0;
  if (flags >> 6 !== 1 || (flags & 3) !== 0 || (block & 0x8f) !== 0 || mostBlock === 0) {
    // Among them dictionaries, which are not in the file.
    throw new NotUnderstood('a header of LZ4 that is not known here', start);
  }
  const size = (flags & 8) === 0 ? undefined : reader.u64();
  const sum = new XxHash32().update(source.read(start + 4, reader.at - start - 4)).value;
  if (reader.u8() !== ((sum >> 8) & 0xff)) throw new NotUnderstood('broken: the header of LZ4', start);
  return { isLinked: (flags & 32) === 0, hasBlockSums: (flags & 16) !== 0, hasSum: (flags & 4) !== 0, size, mostBlock };
}

/** Undefined at the end mark. */
function readBlock(reader: ByteReader, header: Lz4Frame, window: Uint8Array): Uint8Array | undefined {
  const word = reader.u32();
  if (word === 0) return undefined;
  const length = word & 0x7fffffff;
  if (length > header.mostBlock) throw new NotUnderstood('broken: a block of LZ4 over its size', reader.at);
  const packed = reader.bytes(length);
  if (header.hasBlockSums && reader.u32() !== new XxHash32().update(packed).value) {
    throw new NotUnderstood('broken: a block of LZ4 has another checksum', reader.at);
  }
  if (word >= 2 ** 31) return new Uint8Array(packed);
  return unlz4Block(packed, window, header.mostBlock);
}

function lastOf(window: Uint8Array, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  if (bytes.byteLength >= windowBytes) return bytes.slice(-windowBytes);
  const kept = window.subarray(Math.max(0, window.byteLength + bytes.byteLength - windowBytes));
  const both = new Uint8Array(kept.byteLength + bytes.byteLength);
  both.set(kept);
  both.set(bytes, kept.byteLength);
  return both;
}
