import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { PagedFile } from './paged-file.ts';
import { type ByteSource, NotUnderstood } from './source.ts';

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
