/** How far a scan is. */
export interface Progress {
  readonly files: number;
  readonly filesDone: number;
  readonly bytes: number;
  readonly bytesDone: number;
}

/** Adds up what is told about each of several files. */
export class ScanProgress {
  readonly #sizes: readonly number[];
  readonly #bytes: number;
  readonly #tell: ((progress: Progress) => void) | undefined;
  /** Of the files that are being scanned. */
  readonly #partly = new Map<number, number>();
  #filesDone = 0;
  #bytesDone = 0;

  constructor(files: readonly { readonly size: number }[], tell: ((progress: Progress) => void) | undefined) {
    this.#sizes = files.map(({ size }) => size);
    this.#bytes = this.#sizes.reduce((sum, size) => sum + size, 0);
    this.#tell = tell;
  }

  /** A scanner may go back in a file; the progress does not. */
  at(index: number, bytes: number): void {
    const before = this.#partly.get(index) ?? 0;
    const now = Math.min(Math.max(before, bytes), this.#sizes[index] ?? 0);
    this.#partly.set(index, now);
    this.#told();
  }

  done(index: number): void {
    this.#partly.delete(index);
    this.#filesDone += 1;
    this.#bytesDone += this.#sizes[index] ?? 0;
    this.#told();
  }

  #told(): void {
    if (this.#tell === undefined) return;
    let partly = 0;
    for (const bytes of this.#partly.values()) partly += bytes;
    const { length: files } = this.#sizes;
    this.#tell({ files, filesDone: this.#filesDone, bytes: this.#bytes, bytesDone: this.#bytesDone + partly });
  }
}
