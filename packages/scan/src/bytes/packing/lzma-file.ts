import { ByteReader } from '../byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../source.ts';
import { LzmaDecoder, lzmaProperties } from './lzma-decoder.ts';
import { LzmaWindow } from './lzma-window.ts';
import { RangeDecoder } from './range-decoder.ts';

/** A larger dictionary is not unpacked: it is what `xz -9` uses. */
export const largestDictionary = 2 ** 26;

/** A file of LZMA alone (`.lzma`): properties, size of the dictionary, size of the content, or −1 with a marker at its end. */
export function* unlzma(source: ByteSource): Generator<Uint8Array, number> {
  const reader = new ByteReader(source);
  const properties = reader.u8();
  const dictionary = reader.u32();
  const declared = reader.u64();
  const size = declared === 2n ** 64n - 1n ? undefined : Number(declared);
  return yield* lzmaStream(source, 13, { properties, dictionary, size });
}

export interface LzmaStream {
  /** The byte that holds lc, lp and pb. */
  readonly properties: number;
  /** Bytes that matches may reach back. */
  readonly dictionary: number;
  /** Undefined where a marker ends it. */
  readonly size: number | undefined;
}

/** A bare stream of LZMA; returns where it ends. */
export function* lzmaStream(source: ByteSource, start: number, stream: LzmaStream): Generator<Uint8Array, number> {
  const { properties, dictionary, size } = stream;
  // Encoders round up: 2^32 − 1 stands for all that there is.
  const most = size === undefined ? dictionary : Math.min(dictionary, size);
  if (most > largestDictionary) throw new NotUnderstood(`LZMA with a dictionary of ${dictionary} bytes`, start);
  const range = new RangeDecoder(source);
  range.start(start, source.size);
  const decoder = new LzmaDecoder(range, new LzmaWindow(most));
  decoder.reset(lzmaProperties(properties));
  const isMarked = yield* decoder.decode(size ?? Number.MAX_SAFE_INTEGER);
  if (isMarked && size !== undefined && !range.isFinished) {
    throw new NotUnderstood('broken: LZMA ends before its size', range.offset);
  }
  // A marker may follow even where the size is known; without one the range ends at 0.
  if (!isMarked && !range.isFinished && !(!decoder.isWithinMatch && decoder.takeMarker())) {
    throw new NotUnderstood('broken: LZMA goes on behind its size', range.offset);
  }
  if (!range.isFinished) throw new NotUnderstood('broken: LZMA does not end at its end', range.offset);
  return range.offset;
}
