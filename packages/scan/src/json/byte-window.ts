import type { ByteSource } from '../bytes/source.ts';

const windowBytes = 2 ** 16;

/** The bytes of a source one after the other, read in windows: each byte is asked of the source once. */
export class ByteWindow {
  readonly source: ByteSource;
  #window: Uint8Array = new Uint8Array(0);
  #start = 0;
  /** Where the next byte is. */
  at: number;

  constructor(source: ByteSource, at = 0) {
    this.source = source;
    this.at = at;
  }

  /** The next byte, which stays the next; −1 at the end. */
  peek(): number {
    const within = this.at - this.#start;
    if (within >= 0 && within < this.#window.byteLength) return this.#window[within] ?? -1;
    if (this.at >= this.source.size) return -1;
    this.#start = this.at;
    this.#window = this.source.read(this.at, Math.min(windowBytes, this.source.size - this.at));
    return this.#window[0] ?? -1;
  }

  /** Takes the next byte; −1 at the end. */
  next(): number {
    const byte = this.peek();
    if (byte !== -1) this.at += 1;
    return byte;
  }
}
