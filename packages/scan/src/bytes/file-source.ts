import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type ByteSource, NotUnderstood, requireRange } from './source.ts';

const pageBytes = 2 ** 18;

/** An open file. Small reads come from a page of 256 KiB, so that a parser may read a byte at a time. */
export class FileSource implements ByteSource, Disposable {
  readonly size: number;
  readonly #descriptor: number;
  readonly #changed: string;
  #page = new Uint8Array(0);
  #pageStart = 0;

  /** @throws the error of the file system; NotUnderstood for what is not a regular file */
  constructor(path: string) {
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(this.#descriptor);
    if (!stat.isFile()) {
      closeSync(this.#descriptor);
      throw new NotUnderstood('not a regular file');
    }
    this.size = stat.size;
    this.#changed = stamp(this.#descriptor);
  }

  read(offset: number, length: number): Uint8Array {
    requireRange(this.size, offset, length);
    const within = offset - this.#pageStart;
    if (within >= 0 && within + length <= this.#page.byteLength) return this.#page.subarray(within, within + length);
    if (length >= pageBytes) return this.#fill(new Uint8Array(length), offset);
    // A new page each time: views of the old one stay what they were.
    this.#page = this.#fill(new Uint8Array(Math.min(pageBytes, this.size - offset)), offset);
    this.#pageStart = offset;
    return this.#page.subarray(0, length);
  }

  /** Whether the file is still the one that was opened, as far as its size and times tell. */
  unchanged(): boolean {
    return stamp(this.#descriptor) === this.#changed;
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  #fill(bytes: Uint8Array<ArrayBuffer>, offset: number): Uint8Array<ArrayBuffer> {
    for (let done = 0; done < bytes.byteLength; ) {
      const got = readSync(this.#descriptor, bytes, done, bytes.byteLength - done, offset + done);
      if (got === 0) throw new NotUnderstood('the file became shorter while it was read', offset + done);
      done += got;
    }
    return bytes;
  }
}

function stamp(descriptor: number): string {
  const { size, mtimeNs, ctimeNs } = fstatSync(descriptor, { bigint: true });
  return `${size} ${mtimeNs} ${ctimeNs}`;
}
