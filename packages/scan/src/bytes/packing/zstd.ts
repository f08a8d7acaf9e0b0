import { ByteReader } from '../byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../source.ts';
import { unzstdFrame } from './engine.ts';

const magic = 0xfd2fb528;

/** Frames of Zstandard (RFC 8878), one after the other. */
export async function* unzstd(source: ByteSource): AsyncGenerator<Uint8Array, number> {
  let at = 0;
  do {
    // Node unpacks one frame and ignores what follows in the same piece: so it is handed one at a time.
    const end = frameEnd(source, at);
    const taken = yield* unzstdFrame(source, at, end);
    if (taken !== end) throw new NotUnderstood('broken: a frame of Zstandard ends early', taken);
    at = end;
  } while (source.size - at >= 4 && new ByteReader(source, at).u32() === magic);
  return at;
}

/** RFC 8878 3.1.1: a header, blocks up to the last, perhaps a checksum. */
function frameEnd(source: ByteSource, start: number): number {
  const reader = new ByteReader(source, start);
  if (reader.u32() !== magic) throw new NotUnderstood('no frame of Zstandard', start);
  const descriptor = reader.u8();
  const isSingle = (descriptor & 0x20) !== 0;
  if (!isSingle) reader.skip(1);
  reader.skip([0, 1, 2, 4][descriptor & 3] ?? 0);
  reader.skip([isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0);
  for (let isLast = false; !isLast; ) {
    const header = reader.u8() | (reader.u8() << 8) | (reader.u8() << 16);
    isLast = (header & 1) === 1;
    const type = (header >> 1) & 3;
    if (type === 3) throw new NotUnderstood('broken: a block of Zstandard of no type', reader.at - 3);
    reader.skip(type === 1 ? 1 : header >> 3);
  }
  if ((descriptor & 4) !== 0) reader.skip(4);
  return reader.at;
}
