import type { Inspection } from '../inspection.ts';
import { type ByteSource, NotUnderstood } from './source.ts';
import { Spool, type Unpacked } from './spool.ts';

/** `deflate` is the bare stream of RFC 1951, `zlib` that of RFC 1950; `xz` and `lzma` are the two files of XZ Utils. */
export type Packing = 'deflate' | 'zlib' | 'gzip' | 'bz2' | 'xz' | 'lzma' | 'zstd' | 'lz4';

/** Unpacks piece by piece; returns where the packed bytes end. Throws NotUnderstood where they are broken. */
export type Unpacker = (source: ByteSource) => AsyncGenerator<Uint8Array, number> | Generator<Uint8Array, number>;

/** What could be unpacked of a source: all of it, or the part before the problem. */
export interface UnpackedFront {
  readonly content: Unpacked;
  /** Where the packed bytes end; the size of the source when there is a problem. */
  readonly end: number;
  /** Why it is not all. A program that reads as it unpacks has used the content before it notices. */
  readonly problem?: NotUnderstood;
}

/** What any part may grow to, whatever its ratio. */
const anywayBytes = 2 ** 24;

/**
 * Unpacks a source: small into memory, large into a temporary file without a name. It counts against the limits of the
 * file under inspection.
 *
 * @throws NotUnderstood when the bytes are broken, go on behind their end, or grow over a limit
 */
export async function unpacked(part: Inspection, source: ByteSource, method: Packing): Promise<Unpacked> {
  const { content, end, problem } = await unpackedFront(part, source, await unpackerOf(method));
  if (problem === undefined && end === source.size) return content;
  content[Symbol.dispose]();
  throw problem ?? new NotUnderstood(`${source.size - end} bytes follow the ${method} stream`, end);
}

/** Unpacks as far as it goes. Beyond a limit it stops, and says so as the problem. */
export async function unpackedFront(part: Inspection, source: ByteSource, unpacker: Unpacker): Promise<UnpackedFront> {
  const spool = new Spool();
  const most = Math.max(anywayBytes, source.size * part.limits.ratio);
  const pieces = unpacker(source);
  try {
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return { content: spool.finish(), end: value };
      part.requireTime();
      part.unpack(value.byteLength);
      if (spool.size + value.byteLength > most) {
        throw new NotUnderstood(`${source.size} bytes unpack to more than ${most}`);
      }
      spool.write(value);
    }
  } catch (error) {
    if (error instanceof NotUnderstood) return { content: spool.finish(), end: source.size, problem: error };
    spool.drop();
    throw error;
  } finally {
    await pieces.return(0);
  }
}

/** Loads what unpacks a packing. */
export async function unpackerOf(method: Packing): Promise<Unpacker> {
  switch (method) {
    case 'deflate':
      return (await import('./packing/engine.ts')).inflateRaw;
    case 'zlib':
      return (await import('./packing/engine.ts')).inflateZlib;
    case 'gzip':
      return (await import('./packing/gzip.ts')).gunzip;
    case 'bz2':
      return (await import('./packing/bzip2.ts')).bunzip2;
    case 'xz':
      return (await import('./packing/xz.ts')).unxz;
    case 'lzma':
      return (await import('./packing/lzma-file.ts')).unlzma;
    case 'zstd':
      return (await import('./packing/zstd.ts')).unzstd;
    case 'lz4':
      return (await import('./packing/lz4.ts')).unlz4;
  }
}
