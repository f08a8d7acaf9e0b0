/**
 * Bytes at any place, without having them all in memory: a file, a part of one, or an array.
 *
 * Reading is synchronous on purpose: scanning runs in a worker or a process of its own, and a parser that never waits
 * is one that reads as the format's specification does.
 */
export interface ByteSource {
  /** Bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`; they must not be changed, and may be a view.
   *
   * @throws NotUnderstood when they are not all there
   */
  read(offset: number, length: number): Uint8Array;
}

/** What a scanner throws when it cannot go on: the part is `unknown`, never clean. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
  /** Offset within the part, in bytes. */
  readonly at: number | undefined;

  /** @param message what is wrong, lower case, without a full stop */
  constructor(message: string, at?: number) {
    super(message);
    this.at = at;
  }
}

/** @throws NotUnderstood unless `length` bytes from `offset` lie within `size` */
export function requireRange(size: number, offset: number, length: number): void {
  const whole = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (whole && offset >= 0 && length >= 0 && offset <= size - length) return;
  throw new NotUnderstood(`cut short: ${length} bytes are expected at ${offset}, of ${size}`, offset);
}

/** Bytes in memory. */
export class MemorySource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.byteLength;
  }

  read(offset: number, length: number): Uint8Array {
    requireRange(this.size, offset, length);
    return this.#bytes.subarray(offset, offset + length);
  }
}

/** A part of another source; its offsets start at 0. */
export class PartSource implements ByteSource {
  readonly size: number;
  readonly #whole: ByteSource;
  readonly #start: number;

  /** @throws NotUnderstood when the part is not within the whole */
  constructor(whole: ByteSource, start: number, size: number) {
    requireRange(whole.size, start, size);
    this.#whole = whole;
    this.#start = start;
    this.size = size;
  }

  read(offset: number, length: number): Uint8Array {
    requireRange(this.size, offset, length);
    return this.#whole.read(this.#start + offset, length);
  }
}

/** The first bytes, at most `length`. */
export function headOf(source: ByteSource, length: number): Uint8Array {
  return source.read(0, Math.min(length, source.size));
}

/** All bytes of a range in pieces, so that memory stays flat. */
export function* piecesOf(
  source: ByteSource,
  from = 0,
  to: number = source.size,
  pieceBytes = 2 ** 20,
): Generator<Uint8Array> {
  for (let at = from; at < to; at += pieceBytes) yield source.read(at, Math.min(pieceBytes, to - at));
}
