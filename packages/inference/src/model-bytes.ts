import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { InferenceError, shown } from './errors.ts';

const windowBytes = 2 ** 16;

/** A model that is read at any place, in small pieces: its weights never come into memory. */
export class ModelBytes {
  readonly size: number;
  readonly #file: number | undefined;
  #window: Uint8Array;
  #start = 0;

  private constructor(size: number, window: Uint8Array, file?: number) {
    this.size = size;
    this.#window = window;
    this.#file = file;
  }

  static inMemory(bytes: Uint8Array): ModelBytes {
    return new ModelBytes(bytes.length, bytes);
  }

  /** @throws InferenceError HF_INFERENCE_MODEL if it is not a file that can be read, or not of a size that ONNX has */
  static ofFile(path: string): ModelBytes {
    let file: number | undefined;
    try {
      // Opening a pipe would wait for whoever writes into it.
      if (!statSync(path).isFile()) throw new Error('it is not a file');
      file = openSync(path, 'r');
      const { size } = fstatSync(file);
      return new ModelBytes(size, new Uint8Array(0), file);
    } catch (cause) {
      if (file !== undefined) closeSync(file);
      const { code, message } = cause as NodeJS.ErrnoException;
      const reason = code ?? message;
      throw new InferenceError('HF_INFERENCE_MODEL', `${shown(path)} cannot be read: ${reason}`, {
        where: path,
        cause,
      });
    }
  }

  /** The byte at an offset within the model. */
  byte(at: number): number {
    if (at < this.#start || at >= this.#start + this.#window.length) this.#move(at);
    return this.#window[at - this.#start] ?? 0;
  }

  /** The bytes of a short range within the model. */
  range(start: number, end: number): Uint8Array {
    if (start < this.#start || end > this.#start + this.#window.length) this.#move(start);
    return this.#window.subarray(start - this.#start, end - this.#start);
  }

  #move(at: number): void {
    if (this.#file === undefined || at >= this.size) throw new RangeError(`no byte at ${at}`);
    const window = new Uint8Array(Math.min(windowBytes, this.size - at));
    const length = readSync(this.#file, window, 0, window.length, at);
    if (length !== window.length) throw new InferenceError('HF_INFERENCE_MODEL', 'the file changes while it is read');
    this.#window = window;
    this.#start = at;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
  }
}
