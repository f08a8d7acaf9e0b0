import { readSync } from 'node:fs';
import { type ByteSource, NotUnderstood, requireRange } from './source.ts';

const smallestPage = 2 ** 12;
const largestPage = 2 ** 18;

/**
 * Reads of an open file. Small ones come from a page, so that a parser may read a byte at a time. The page is small for
 * who jumps about in the file, and grows for who reads on.
 */
export class PagedFile implements ByteSource {
  readonly size: number;
  readonly #descriptor: number;
  #page = new Uint8Array(0);
  #pageStart = 0;
  #nextPage = smallestPage;

  constructor(descriptor: number, size: number) {
    this.#descriptor = descriptor;
    this.size = size;
  }

  read(offset: number, length: number): Uint8Array {
    requireRange(this.size, offset, length);
    const within = offset - this.#pageStart;
    if (within >= 0 && within + length <= this.#page.byteLength) return this.#page.subarray(within, within + length);
    if (length >= largestPage) return this.fill(new Uint8Array(length), offset);
    const reads = within >= 0 && within <= this.#page.byteLength ? 'on' : 'elsewhere';
    this.#nextPage = reads === 'on' ? Math.min(this.#nextPage * 4, largestPage) : smallestPage;
    // A new page each time: views of the old one stay what they were.
    const pageBytes = Math.min(Math.max(this.#nextPage, length), this.size - offset);
    this.#page = this.fill(new Uint8Array(pageBytes), offset);
    this.#pageStart = offset;
    return this.#page.subarray(0, length);
  }

  /**
   * The bytes from an offset on, as many as there is memory for.
   *
   * @throws NotUnderstood when they are not all there
   */
  fill<Bytes extends Uint8Array>(bytes: Bytes, offset: number): Bytes {
    for (let done = 0; done < bytes.byteLength; ) {
      const got = readSync(this.#descriptor, bytes, done, bytes.byteLength - done, offset + done);
      if (got === 0) throw new NotUnderstood('the file became shorter while it was read', offset + done);
      done += got;
    }
    return bytes;
  }
}
