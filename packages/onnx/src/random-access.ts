/** A file that is read at any place, without having all of it in memory. */
export interface RandomAccess {
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`, which lie within the file; may be a view. */
  read(offset: number, length: number): Uint8Array;
}

/** A file that is in memory as a whole. */
export class InMemory implements RandomAccess {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  /** As many bytes as there are: whoever wants all of them gets one view. */
  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }
}

const windowBytes = 2 ** 16;

/** A piece of a file in memory, so that single bytes are cheap. */
export class Window {
  readonly #file: RandomAccess;
  readonly #width: number;
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;

  constructor(file: RandomAccess) {
    this.#file = file;
    this.#width = file instanceof InMemory ? file.size : windowBytes;
  }

  /** The byte at an offset; undefined beyond the file. */
  byte(at: number): number | undefined {
    const within = at - this.#start;
    if (within >= 0 && within < this.#bytes.length) return this.#bytes[within];
    if (at >= this.#file.size) return undefined;
    this.#start = at - (at % this.#width);
    this.#bytes = this.#file.read(this.#start, Math.min(this.#width, this.#file.size - this.#start));
    return this.#bytes[at - this.#start];
  }

  /** The bytes of a range within the file. */
  range(start: number, end: number): Uint8Array {
    const within = start - this.#start;
    const inside = within >= 0 && end - this.#start <= this.#bytes.length;
    return inside ? this.#bytes.subarray(within, within + end - start) : this.#file.read(start, end - start);
  }
}
