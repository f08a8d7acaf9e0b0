import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { PagedFile } from './paged-file.ts';
import { type ByteSource, NotUnderstood } from './source.ts';

/** Small enough for a processor's cache. */
const pieceBytes = 2 ** 18;

/** An open file. */
export class FileSource implements ByteSource, Disposable {
  readonly size: number;
  readonly #descriptor: number;
  readonly #changed: string;
  readonly #pages: PagedFile;

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
    this.#pages = new PagedFile(this.#descriptor, this.size);
  }

  read(offset: number, length: number): Uint8Array {
    return this.#pages.read(offset, length);
  }

  /** All bytes, one after the other. Each piece is gone with the next: they share their memory, for it to stay in reach. */
  *pieces(): Generator<Uint8Array> {
    const memory = new Uint8Array(Math.min(this.size, pieceBytes));
    for (let at = 0; at < this.size; at += memory.byteLength) {
      const piece = memory.subarray(0, Math.min(memory.byteLength, this.size - at));
      this.#pages.fill(piece, at);
      yield piece;
    }
  }

  /** Whether the file is still the one that was opened, as far as its size and times tell. */
  unchanged(): boolean {
    return stamp(this.#descriptor) === this.#changed;
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }
}

function stamp(descriptor: number): string {
  const { size, mtimeNs, ctimeNs } = fstatSync(descriptor, { bigint: true });
  return `${size} ${mtimeNs} ${ctimeNs}`;
}
