import { OnnxError } from './errors.ts';

/** The largest number that a field can have (protobuf, "Assigning Field Numbers"): no message of ONNX has it. */
export const omittedField = 536_870_911;

/** A length that is known only later takes five bytes: a varint may be longer than it need be. */
const lengthBytes = 5;

/** Copies a message piece by piece, with the lengths of raw weights instead of them. */
export class OutlineWriter {
  #bytes = new Uint8Array(2 ** 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(piece: Uint8Array): void {
    this.#reserve(piece.length);
    this.#bytes.set(piece, this.#length);
    this.#length += piece.length;
  }

  /** Begins a message inside. What it returns is for {@link close}. */
  open(): number {
    this.#reserve(lengthBytes);
    this.#length += lengthBytes;
    return this.#length;
  }

  /** Ends the message that began at `start`. */
  close(start: number): void {
    let length = this.#length - start;
    for (let index = lengthBytes; index > 0; index--) {
      this.#bytes[start - index] = (length % 128) + (index > 1 ? 128 : 0);
      length = Math.floor(length / 128);
    }
  }

  /** Instead of `count` raw bytes, whose field has begun: none, and another field that says how many they were. */
  omit(count: number): void {
    this.add(Uint8Array.of(0, ...varint(omittedField * 8), ...varint(count)));
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#bytes.length) return;
    if (wanted > 2 ** 31) throw new OnnxError('HF_ONNX_LIMIT', 'the outline exceeds 2 GiB');
    const larger = new Uint8Array(Math.max(wanted, this.#bytes.length * 2));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}
