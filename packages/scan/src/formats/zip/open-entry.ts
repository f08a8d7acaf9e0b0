import { crc32 } from 'node:zlib';
import { ByteReader } from '../../bytes/byte-reader.ts';
import { lzmaStream } from '../../bytes/packing/lzma-file.ts';
import { type ByteSource, NotUnderstood, PartSource, piecesOf } from '../../bytes/source.ts';
import type { Unpacked } from '../../bytes/spool.ts';
import { type Packing, type Unpacker, unpackedFront, unpackerOf } from '../../bytes/unpack.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import type { CentralHeader } from './central-directory.ts';
import { zipRules } from './rules.ts';
import type { ZipEntry } from './zip-archive.ts';

/** Of a stored entry that is larger the checksum is not computed: its bytes are the same for every program. */
const summedBytes = 2 ** 24;

/** APPNOTE 4.4.5. */
const packings: Readonly<Record<number, Packing>> = { 8: 'deflate', 12: 'bz2', 93: 'zstd', 95: 'xz' };

class StoredEntry extends PartSource implements Disposable {
  [Symbol.dispose](): void {
    // A view of the archive.
  }
}

/** @throws NotUnderstood for an entry that is encrypted, or packed in a way that is not known here */
export async function openEntry(part: Inspection, entry: ZipEntry, header: CentralHeader): Promise<Unpacked> {
  if ((header.flags & 0x2041) !== 0) throw new NotUnderstood(`entry ${shown(entry.name)} is encrypted`, entry.offset);
  const bytes = new StoredEntry(part.source, entry.offset, entry.compressedSize);
  if (entry.method === 0) {
    if (entry.size <= summedBytes) reportSum(part, entry, { expected: header.crc, sum: sumOf(bytes) });
    return bytes;
  }
  const unpacker = await unpackerFor(entry);
  const seen = { sum: 0 };
  const { content, end, problem } = await unpackedFront(part, bytes, summing(unpacker, seen));
  if (problem !== undefined) part.leave(`entry ${shown(entry.name)}: ${problem.message}`, { at: entry.offset });
  else if (content.size !== entry.size) {
    const message = `entry ${shown(entry.name)} unpacks to ${content.size} bytes, and should have ${entry.size}`;
    part.report(zipRules.mismatch, { message, at: entry.offset });
  } else reportSum(part, entry, { expected: header.crc, sum: seen.sum });
  if (end !== bytes.size) {
    const message = `${bytes.size - end} bytes follow the packed bytes of entry ${shown(entry.name)}`;
    part.report(zipRules.stray, { message, at: entry.offset + end });
  }
  return content;
}

async function unpackerFor({ name, method, size, offset }: ZipEntry): Promise<Unpacker> {
  if (method === 14) return (source) => unlzmaEntry(source, size);
  const packing = packings[method];
  if (packing !== undefined) return unpackerOf(packing);
  throw new NotUnderstood(`entry ${shown(name)} is packed by method ${method}, which is not known here`, offset);
}

/** APPNOTE 5.8.8: a version, the properties, the stream, with or without a marker at its end. */
function unlzmaEntry(source: ByteSource, size: number): Generator<Uint8Array, number> {
  const reader = new ByteReader(source);
  reader.skip(2);
  if (reader.u16() !== 5) throw new NotUnderstood('properties of LZMA that are not known here');
  const [properties, dictionary] = [reader.u8(), reader.u32()];
  return lzmaStream(source, reader.at, { properties, dictionary, size });
}

function summing(unpacker: Unpacker, seen: { sum: number }): Unpacker {
  return async function* (source) {
    const pieces = unpacker(source);
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return value;
      seen.sum = crc32(value, seen.sum);
      yield value;
    }
  };
}

function sumOf(source: ByteSource): number {
  let sum = 0;
  for (const piece of piecesOf(source)) sum = crc32(piece, sum);
  return sum;
}

function reportSum(part: Inspection, entry: ZipEntry, { expected, sum }: { expected: number; sum: number }): void {
  if (sum === expected) return;
  const message = `entry ${shown(entry.name)} has another checksum than the zip says`;
  part.report(zipRules.checksum, { message, at: entry.offset });
}
