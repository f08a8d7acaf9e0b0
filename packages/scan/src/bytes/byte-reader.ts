import { type ByteSource, NotUnderstood } from './source.ts';

/** Reads numbers one after the other. Every method throws NotUnderstood at the end of the bytes. */
export class ByteReader {
  readonly #source: ByteSource;
  readonly #little: boolean;
  /** Where the next number starts. */
  at: number;

  constructor(source: ByteSource, at = 0, order: 'little' | 'big' = 'little') {
    this.#source = source;
    this.#little = order === 'little';
    this.at = at;
  }

  get left(): number {
    return this.#source.size - this.at;
  }

  bytes(length: number): Uint8Array {
    const bytes = this.#source.read(this.at, length);
    this.at += length;
    return bytes;
  }

  skip(length: number): void {
    if (length > this.left || length < 0) throw new NotUnderstood('cut short', this.at);
    this.at += length;
  }

  u8(): number {
    return this.#view(1).getUint8(0);
  }

  u16(): number {
    return this.#view(2).getUint16(0, this.#little);
  }

  u32(): number {
    return this.#view(4).getUint32(0, this.#little);
  }

  i32(): number {
    return this.#view(4).getInt32(0, this.#little);
  }

  u64(): bigint {
    return this.#view(8).getBigUint64(0, this.#little);
  }

  i64(): bigint {
    return this.#view(8).getBigInt64(0, this.#little);
  }

  /** A length or an offset of 64 bits: more than 2^53 − 1 is none. */
  length64(): number {
    const value = this.u64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new NotUnderstood(`a length of ${value}`, this.at - 8);
    return Number(value);
  }

  /** UTF-8 of `length` bytes. */
  text(length: number): string {
    const start = this.at;
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.bytes(length));
    } catch (error) {
      if (error instanceof NotUnderstood) throw error;
      throw new NotUnderstood('a text that is not UTF-8', start);
    }
  }

  #view(length: number): DataView {
    const bytes = this.bytes(length);
    return new DataView(bytes.buffer, bytes.byteOffset, length);
  }
}
