import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PagedFile } from './paged-file.ts';
import { type ByteSource, MemorySource, NotUnderstood } from './source.ts';

/** Up to here what is unpacked stays in memory. */
const memoryBytes = 2 ** 24;

/** Bytes that were unpacked: freed when they go out of scope (`using`), or when nothing refers to them any more. */
export type Unpacked = ByteSource & Disposable;

/** Takes what is unpacked, piece after piece: in memory while it is small, then in a file that has no name. */
export class Spool {
  #pieces: Uint8Array[] = [];
  #file: number | undefined;
  size = 0;

  /** The piece must not change afterwards. */
  write(piece: Uint8Array): void {
    if (this.#file === undefined) this.#pieces.push(piece);
    else writeAll(this.#file, piece);
    this.size += piece.byteLength;
    if (this.#file === undefined && this.size > memoryBytes) this.#toFile();
  }

  /** What was written; nothing may be written afterwards. */
  finish(): Unpacked {
    if (this.#file !== undefined) return new SpooledSource(this.#file, this.size);
    const bytes = new Uint8Array(this.size);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.byteLength;
    }
    this.#pieces = [];
    return new UnpackedMemory(bytes);
  }

  /** Frees what was written, where nobody wants it. */
  drop(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#pieces = [];
  }

  #toFile(): void {
    this.#file = temporaryFile();
    for (const piece of this.#pieces) writeAll(this.#file, piece);
    this.#pieces = [];
  }
}

/** A file of one's own that is gone from the folder as soon as it is open: no crash leaves it behind. */
function temporaryFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-scan-'));
  try {
    return openSync(join(folder, 'unpacked'), 'wx+', 0o600);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeAll(file: number, piece: Uint8Array): void {
  for (let done = 0; done < piece.byteLength; ) done += writeSync(file, piece, done);
}

class UnpackedMemory extends MemorySource implements Disposable {
  [Symbol.dispose](): void {
    // Memory frees itself.
  }
}

/** Closes what a caller forgot. */
const forgotten = new FinalizationRegistry<number>((file) => {
  closeSync(file);
});

class SpooledSource implements ByteSource, Disposable {
  readonly size: number;
  readonly #file: number;
  readonly #pages: PagedFile;
  #open = true;

  constructor(file: number, size: number) {
    this.#file = file;
    this.size = size;
    this.#pages = new PagedFile(file, size);
    forgotten.register(this, file, this);
  }

  read(offset: number, length: number): Uint8Array {
    if (!this.#open) throw new NotUnderstood('read after it was freed', offset);
    return this.#pages.read(offset, length);
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    forgotten.unregister(this);
    closeSync(this.#file);
  }
}
