import { ByteReader } from '../byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../source.ts';
import { LzmaDecoder, type LzmaProperties, lzmaProperties } from './lzma-decoder.ts';
import { LzmaWindow } from './lzma-window.ts';
import { RangeDecoder } from './range-decoder.ts';

/**
 * LZMA2: chunks of LZMA or of bytes as they are, up to a byte of zero (there is no specification: this follows
 * `lzma2_decoder.c` of XZ Utils 5.4). Returns where it ends.
 */
export function* unlzma2(source: ByteSource, start: number, dictionary: number): Generator<Uint8Array, number> {
  const chunks = new Lzma2Chunks(source, start, dictionary);
  while (yield* chunks.next());
  return chunks.at;
}

class Lzma2Chunks {
  readonly #reader: ByteReader;
  readonly #range: RangeDecoder;
  readonly #window: LzmaWindow;
  readonly #decoder: LzmaDecoder;
  #properties: LzmaProperties | undefined;
  #needs: 'dictionary' | 'properties' | 'state' | 'nothing' = 'dictionary';

  constructor(source: ByteSource, start: number, dictionary: number) {
    this.#reader = new ByteReader(source, start);
    this.#range = new RangeDecoder(source);
    this.#window = new LzmaWindow(dictionary);
    this.#decoder = new LzmaDecoder(this.#range, this.#window);
  }

  get at(): number {
    return this.#reader.at;
  }

  /** False behind the last. */
  *next(): Generator<Uint8Array, boolean> {
    const control = this.#reader.u8();
    if (control === 0) return false;
    if (control >= 0xe0 || control === 1) {
      this.#window.reset();
      this.#decoder.resetPosition();
      this.#needs = 'properties';
    } else if (this.#needs === 'dictionary') throw new NotUnderstood('broken: LZMA2 without a dictionary', this.at - 1);
    if (control >= 0x80) yield* this.#packed(control);
    else if (control <= 2) yield* this.#plain();
    else throw new NotUnderstood('broken: a chunk of LZMA2 of no kind', this.at - 1);
    return true;
  }

  *#packed(control: number): Generator<Uint8Array, void> {
    const reader = this.#reader;
    const size = ((control & 0x1f) << 16) + (reader.u8() << 8) + reader.u8() + 1;
    const packed = (reader.u8() << 8) + reader.u8() + 1;
    this.#prepare(control);
    const end = reader.at + packed;
    this.#range.start(reader.at, end);
    const isMarked = yield* this.#decoder.decode(size);
    if (isMarked || this.#decoder.isWithinMatch || !this.#range.isFinished || this.#range.offset !== end) {
      throw new NotUnderstood('broken: a chunk of LZMA2 does not end at its end', reader.at);
    }
    reader.skip(packed);
  }

  #prepare(control: number): void {
    if (control >= 0xc0) this.#properties = lzmaProperties(this.#reader.u8());
    const properties = this.#properties;
    const isFresh = control >= 0xc0 || (control >= 0xa0 && this.#needs !== 'properties');
    if (properties === undefined || (!isFresh && this.#needs !== 'nothing')) {
      throw new NotUnderstood('broken: LZMA2 without properties', this.at);
    }
    if (properties.context + properties.literalPosition > 4) throw new NotUnderstood('broken: properties of LZMA2');
    if (isFresh) this.#decoder.reset(properties);
    this.#needs = 'nothing';
  }

  *#plain(): Generator<Uint8Array, void> {
    const reader = this.#reader;
    for (let left = (reader.u8() << 8) + reader.u8() + 1; left > 0; ) {
      const bytes = reader.bytes(Math.min(left, this.#window.room));
      for (const byte of bytes) this.#window.write(byte);
      this.#decoder.skip(bytes.byteLength);
      yield this.#window.take();
      left -= bytes.byteLength;
    }
  }
}
