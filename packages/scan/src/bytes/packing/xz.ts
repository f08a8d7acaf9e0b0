import { crc32 } from 'node:zlib';
import { ByteReader } from '../byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../source.ts';
import { largestDictionary } from './lzma-file.ts';
import { unlzma2 } from './lzma2.ts';
import { checkOf, type XzCheck } from './xz-check.ts';

const lzma2 = 0x21;

interface XzRecord {
  readonly packed: number;
  readonly size: number;
}

/** Streams of XZ (The .xz File Format 1.2.1), one after the other, with the padding between them. */
export function* unxz(source: ByteSource): Generator<Uint8Array, number> {
  const reader = new ByteReader(source);
  do {
    yield* stream(source, reader);
    skipPadding(source, reader);
  } while (isStream(source, reader.at));
  return reader.at;
}

function isStream(source: ByteSource, at: number): boolean {
  return source.size - at >= 12 && source.read(at, 6).every((byte, index) => byte === magic[index]);
}

const magic = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0];

function* stream(source: ByteSource, reader: ByteReader): Generator<Uint8Array, void> {
  const start = reader.at;
  if (!isStream(source, start)) throw new NotUnderstood('no header of xz', start);
  reader.skip(6);
  const flags = reader.u16();
  requireSum(source, reader, start + 6, 2);
  const records: XzRecord[] = [];
  while (source.read(reader.at, 1)[0] !== 0) records.push(yield* block(source, reader, flags));
  const indexStart = reader.at;
  readIndex(source, reader, records);
  const sum = reader.u32();
  const [indexSize, again] = [(reader.u32() + 1) * 4, reader.u16()];
  const isWhole = crc32(source.read(reader.at - 6, 6)) === sum && reader.u16() === 0x5a59;
  if (isWhole && again === flags && indexSize === reader.at - 12 - indexStart) return;
  throw new NotUnderstood('broken: the end of xz', reader.at);
}

/** Section 3. */
function* block(source: ByteSource, reader: ByteReader, flags: number): Generator<Uint8Array, XzRecord> {
  const start = reader.at;
  const { dictionary, packed, size } = readBlockHeader(source, reader);
  const check = checkOf(flags);
  const contentStart = reader.at;
  const content = yield* checked(unlzma2(source, contentStart, dictionary), check);
  reader.at = content.end;
  const isDeclared = packed === undefined || packed === content.end - contentStart;
  if (!isDeclared || (size !== undefined && size !== content.size)) {
    throw new NotUnderstood('broken: a block of xz has another size', start);
  }
  skipZeros(reader, -(content.end - contentStart) & 3);
  const expected = reader.bytes(check.size);
  if (!Buffer.from(expected).equals(check.digest())) {
    throw new NotUnderstood('broken: a block of xz has another checksum', reader.at - check.size);
  }
  return { packed: content.end - start + check.size, size: content.size };
}

function* checked(
  pieces: Generator<Uint8Array, number>,
  check: XzCheck,
): Generator<Uint8Array, { end: number; size: number }> {
  for (let size = 0; ; ) {
    const { done, value } = pieces.next();
    if (done === true) return { end: value, size };
    check.update(value);
    size += value.byteLength;
    yield value;
  }
}

/** Section 3.1; LZMA2 is the only filter that is undone here. */
function readBlockHeader(source: ByteSource, reader: ByteReader): { dictionary: number } & Partial<XzRecord> {
  const start = reader.at;
  const length = (reader.u8() + 1) * 4;
  const flags = reader.u8();
  if ((flags & 0x3c) !== 0) throw new NotUnderstood('a reserved flag of xz', start);
  const packed = (flags & 0x40) === 0 ? {} : { packed: number(reader) };
  const size = (flags & 0x80) === 0 ? {} : { size: number(reader) };
  if ((flags & 3) !== 0 || number(reader) !== lzma2 || number(reader) !== 1) {
    throw new NotUnderstood('xz with a filter that is not known here', start);
  }
  const bits = reader.u8();
  const dictionary = (2 | (bits & 1)) * 2 ** ((bits >> 1) + 11);
  if (bits > 39 || dictionary > largestDictionary)
    throw new NotUnderstood(`xz with a dictionary of ${dictionary} bytes`);
  skipZeros(reader, start + length - 4 - reader.at);
  requireSum(source, reader, start, length - 4);
  return { dictionary, ...packed, ...size };
}

/** Section 4: what the blocks were said to be. */
function readIndex(source: ByteSource, reader: ByteReader, records: readonly XzRecord[]): void {
  const start = reader.at;
  reader.skip(1);
  const isSame =
    number(reader) === records.length &&
    records.every(({ packed, size }) => number(reader) === packed && number(reader) === size);
  if (!isSame) throw new NotUnderstood('broken: the index of xz names other blocks', start);
  skipZeros(reader, -(reader.at - start) & 3);
  requireSum(source, reader, start, reader.at - start);
}

/** Section 1.2: seven bits a byte, the lowest first; the shortest form. */
function number(reader: ByteReader): number {
  let value = 0;
  for (let place = 0; place < 7; place++) {
    const byte = reader.u8();
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte === 0 && place > 0) break;
    if (byte < 0x80) return value;
  }
  throw new NotUnderstood('broken: a number of xz', reader.at);
}

function requireSum(source: ByteSource, reader: ByteReader, start: number, length: number): void {
  const sum = crc32(source.read(start, length));
  if (reader.u32() !== sum) throw new NotUnderstood('broken: a header of xz has another checksum', start);
}

function skipZeros(reader: ByteReader, length: number): void {
  if (length >= 0 && reader.bytes(length).every((byte) => byte === 0)) return;
  throw new NotUnderstood('broken: the padding of xz', reader.at);
}

/** Section 2.2: zeros in fours. */
function skipPadding(source: ByteSource, reader: ByteReader): void {
  while (reader.left >= 4 && source.read(reader.at, 4).every((byte) => byte === 0)) reader.skip(4);
}
