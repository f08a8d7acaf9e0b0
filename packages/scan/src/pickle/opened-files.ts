import { MemorySource, PartSource } from '../bytes/source.ts';
import type { Opened } from '../callables/judge.ts';
import type { Inspection } from '../inspection.ts';

const mostFiles = 1024;

/** Bytes that a library loads as a file of its own while the pickle is loaded. */
export class OpenedFiles {
  readonly #files: Opened[] = [];
  #missed = 0;

  add(opened: Opened): void {
    if (this.#files.length < mostFiles) this.#files.push(opened);
    else this.#missed += 1;
  }

  /** Scans them: each has to be of the format that its library takes it for. */
  async scan(part: Inspection): Promise<void> {
    for (const { bytes, format } of this.#files) {
      const { at, length } = bytes;
      if (at === undefined && length > part.limits.textBytes) {
        part.leave(`a file of ${length} bytes within a text was not opened`);
        continue;
      }
      const source = at === undefined ? new MemorySource(bytes.read()) : new PartSource(part.source, at, length);
      const inside = await part.enter(at === undefined ? 'bytes' : `bytes at ${at}`, source);
      if (inside.format !== format) inside.leave(`bytes that are loaded as ${format}, and are none`);
    }
    if (this.#missed > 0) part.leave(`${this.#missed} more files in bytes were not opened`);
    this.#files.length = 0;
  }
}
