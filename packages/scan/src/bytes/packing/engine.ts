import { Readable } from 'node:stream';
import {
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  type Inflate,
  type InflateRaw,
  inflateRawSync,
  type ZstdDecompress,
  zstdDecompressSync,
} from 'node:zlib';
import { type ByteSource, NotUnderstood, piecesOf } from '../source.ts';

const chunkSize = 2 ** 18;
const pieceBytes = 2 ** 16;
/** Small streams are unpacked in one go: making a stream of Node for each of many takes longer than they do. */
const atOnce = { packed: [2 ** 11, 2 ** 16], unpacked: 2 ** 20 };

/** The bare stream of RFC 1951, from `from` on; returns where it ends. */
export async function* inflateRaw(source: ByteSource, from = 0): AsyncGenerator<Uint8Array, number> {
  for (const packed of atOnce.packed) {
    const small = inflateAtOnce(source.read(from, Math.min(packed, source.size - from)));
    if (small === undefined) continue;
    yield small.bytes;
    return from + small.end;
  }
  return from + (yield* through(createInflateRaw({ chunkSize }), source, from, source.size));
}

/** The stream of RFC 1950, checksum compared; returns where it ends. */
export async function* inflateZlib(source: ByteSource): AsyncGenerator<Uint8Array, number> {
  return yield* through(createInflate({ chunkSize }), source, 0, source.size);
}

/** One frame of Zstandard; returns where it ends. A window of more than 128 MiB is refused. */
export async function* unzstdFrame(source: ByteSource, from: number, to: number): AsyncGenerator<Uint8Array, number> {
  const small = to - from <= 2 ** 16 ? unzstdAtOnce(source.read(from, to - from)) : undefined;
  if (small !== undefined) {
    yield small;
    return to;
  }
  return from + (yield* through(createZstdDecompress({ chunkSize }), source, from, to));
}

/** Returns how many bytes were taken: what unpacks stops at the end of its stream, and leaves what is behind. */
async function* through(
  engine: Inflate | InflateRaw | ZstdDecompress,
  source: ByteSource,
  from: number,
  to: number,
): AsyncGenerator<Uint8Array, number> {
  // Of many streams in one file, none is to read far ahead of its end.
  const feed = Readable.from(piecesOf(source, from, to, pieceBytes), { highWaterMark: 1 });
  // A source that cannot be read makes the engine fail with its error.
  feed.on('error', (error) => engine.destroy(error));
  feed.pipe(engine);
  try {
    for await (const piece of engine) yield piece as Uint8Array;
    return engine.bytesWritten;
  } catch (error) {
    throw notUnderstood(error);
  } finally {
    feed.destroy();
    engine.destroy();
  }
}

/** Node's engines give their errors a code: `Z_DATA_ERROR`, `ZSTD_error_corruption_detected`. */
function notUnderstood(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!/^(Z_|ZSTD_|ERR_ZSTD)/.test(code)) return error;
  return new NotUnderstood(`broken: ${error instanceof Error ? error.message.toLowerCase() : code}`);
}

/** Undefined where it does not fit or is broken: then the stream says how far it goes. */
function inflateAtOnce(bytes: Uint8Array): { bytes: Uint8Array; end: number } | undefined {
  try {
    const done = inflateRawSync(bytes, { info: true, maxOutputLength: atOnce.unpacked }) as unknown as {
      buffer: Uint8Array;
      engine: { bytesWritten: number };
    };
    return { bytes: done.buffer, end: done.engine.bytesWritten };
  } catch {
    return undefined;
  }
}

function unzstdAtOnce(frame: Uint8Array): Uint8Array | undefined {
  try {
    return zstdDecompressSync(frame, { maxOutputLength: atOnce.unpacked });
  } catch {
    return undefined;
  }
}
