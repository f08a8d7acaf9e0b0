import { NotUnderstood } from '../source.ts';

const firstBytes = 2 ** 16;

/** What was unpacked last, as far back as matches may reach: a ring that grows up to the size that the stream names. */
export class LzmaWindow {
  readonly #most: number;
  #bytes: Uint8Array;
  /** Where the next byte is written. */
  #at = 0;
  /** From where on it was not handed out. */
  #kept = 0;
  /** Bytes that matches may reach back. */
  #full = 0;

  constructor(most: number) {
    this.#most = Math.max(most, 2 ** 12);
    this.#bytes = new Uint8Array(Math.min(this.#most, firstBytes));
  }

  get isEmpty(): boolean {
    return this.#full === 0;
  }

  /** Forgets everything: matches cannot reach behind this. What was not handed out must have been taken. */
  reset(): void {
    this.#at = 0;
    this.#kept = 0;
    this.#full = 0;
  }

  /** How many bytes can be written before {@link take} is due. */
  get room(): number {
    if (this.#at === this.#bytes.byteLength) this.#turn();
    return this.#bytes.byteLength - this.#at;
  }

  write(byte: number): void {
    this.#bytes[this.#at++] = byte;
    if (this.#full < this.#most) this.#full += 1;
  }

  /** The byte that was written `distance` + 1 bytes ago. */
  back(distance: number): number {
    const at = this.#at - distance - 1;
    return this.#bytes[at < 0 ? at + this.#bytes.byteLength : at] ?? 0;
  }

  /** Repeats `length` bytes from `distance` + 1 bytes ago; no more than there is room for. */
  repeat(distance: number, length: number): void {
    if (distance >= this.#full) throw new NotUnderstood('broken: a match of LZMA reaches too far back');
    const bytes = this.#bytes;
    let from = this.#at - distance - 1;
    if (from < 0) from += bytes.byteLength;
    for (let count = 0; count < length; count++) {
      bytes[this.#at++] = bytes[from++] ?? 0;
      if (from === bytes.byteLength) from = 0;
    }
    this.#full = Math.min(this.#full + length, this.#most);
  }

  /** A copy of what was written since the last time. */
  take(): Uint8Array {
    const piece = this.#bytes.slice(this.#kept, this.#at);
    this.#kept = this.#at;
    return piece;
  }

  /** At the end of the array: a larger one, or round to its start. Nothing may wait to be taken. */
  #turn(): void {
    if (this.#bytes.byteLength < this.#most) {
      const larger = new Uint8Array(Math.min(this.#bytes.byteLength * 2, this.#most));
      larger.set(this.#bytes);
      this.#bytes = larger;
      return;
    }
    this.#at = 0;
    this.#kept = 0;
  }
}
