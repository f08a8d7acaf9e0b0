import { crc32 } from 'node:zlib';
import { ByteReader } from '../byte-reader.ts';
import { type ByteSource, NotUnderstood, piecesOf } from '../source.ts';
import { inflateRaw } from './engine.ts';

const flag = { headerCrc: 2, extra: 4, name: 8, comment: 16, reserved: 0xe0 } as const;
/** A name or a comment of the header is at most so long: nobody reads it. */
const mostText = 2 ** 16;
/** Names and comments are for people, and the extra field holds sizes of blocks (BGZF): what is more hides something. */
const read = { text: 1024, extra: 64 } as const;

/** Members of gzip (RFC 1952), one after the other, with the zeros behind them that tapes leave. */
export async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array, number> {
  let at = 0;
  let ladenAt: number | undefined;
  do {
    if (isLaden(source, at)) ladenAt ??= at;
    at = yield* member(source, at);
  } while (isMember(source, at));
  // At the end, so that all of the content is looked at.
  if (ladenAt !== undefined) throw new NotUnderstood('a header of gzip that holds more than programs read', ladenAt);
  return onlyZeros(source, at) ? source.size : at;
}

function isMember(source: ByteSource, at: number): boolean {
  if (source.size - at < 2) return false;
  const [first, second] = source.read(at, 2);
  return first === 0x1f && second === 0x8b;
}

async function* member(source: ByteSource, start: number): AsyncGenerator<Uint8Array, number> {
  const pieces = inflateRaw(source, headerEnd(source, start));
  let sum = 0;
  let size = 0;
  for (;;) {
    const { done, value } = await pieces.next();
    if (done === true) {
      const trailer = new ByteReader(source, value);
      if (trailer.u32() !== sum) throw new NotUnderstood('broken: the checksum is another', value);
      if (trailer.u32() !== size % 2 ** 32) throw new NotUnderstood('broken: the size is another', value + 4);
      return trailer.at;
    }
    sum = crc32(value, sum);
    size += value.byteLength;
    yield value;
  }
}

/** RFC 1952 2.3: where the deflated bytes start. */
function headerEnd(source: ByteSource, start: number): number {
  const reader = new ByteReader(source, start);
  if (reader.u16() !== 0x8b1f || reader.u8() !== 8) throw new NotUnderstood('broken: no header of gzip', start);
  const flags = reader.u8();
  if ((flags & flag.reserved) !== 0) throw new NotUnderstood('a reserved flag of gzip', start + 3);
  reader.skip(6);
  if ((flags & flag.extra) !== 0) reader.skip(reader.u16());
  if ((flags & flag.name) !== 0) skipText(reader);
  if ((flags & flag.comment) !== 0) skipText(reader);
  if ((flags & flag.headerCrc) !== 0) {
    const sum = crc32(source.read(start, reader.at - start));
    if (reader.u16() !== (sum & 0xffff)) throw new NotUnderstood('broken: the header has another checksum', start);
  }
  return reader.at;
}

function skipText(reader: ByteReader): void {
  const start = reader.at;
  while (reader.u8() !== 0) {
    if (reader.at - start > mostText) throw new NotUnderstood('a name in gzip that does not end', start);
  }
}

/** Whether the header holds bytes that nobody needs. What is no header is told by who reads it. */
function isLaden(source: ByteSource, start: number): boolean {
  const reader = new ByteReader(source, start + 3);
  if (reader.left < 7) return false;
  const flags = reader.u8();
  reader.skip(6);
  if ((flags & flag.extra) !== 0) {
    const length = reader.u16();
    if (length > read.extra) return true;
    reader.skip(length);
  }
  const texts = (flags & flag.name ? 1 : 0) + (flags & flag.comment ? 1 : 0);
  for (let index = 0; index < texts; index += 1) {
    const bytes = source.read(reader.at, Math.min(read.text + 1, reader.left));
    const end = bytes.indexOf(0);
    if (end < 0) return true;
    // Latin-1 (RFC 1952 2.3.1): every byte but a control character is a letter.
    if (bytes.subarray(0, end).some((byte) => byte < 0x20 || byte === 0x7f)) return true;
    reader.skip(end + 1);
  }
  return false;
}

function onlyZeros(source: ByteSource, from: number): boolean {
  for (const piece of piecesOf(source, from)) if (piece.some((byte) => byte !== 0)) return false;
  return true;
}
