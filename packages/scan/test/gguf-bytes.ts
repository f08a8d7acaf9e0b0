/** Writes GGUF as its specification says (docs/gguf.md of ggml), so that a test can get any part of it wrong. */
export class GgufBytes {
  readonly #parts: Buffer[] = [];
  readonly #big: boolean;

  constructor({
    big = false,
    version = 3,
    tensors = 0,
    keys = 0,
  }: { big?: boolean; version?: number; tensors?: number | bigint; keys?: number | bigint } = {}) {
    this.#big = big;
    this.raw('GGUF').u32(version).u64(tensors).u64(keys);
  }

  raw(text: string | Uint8Array): this {
    this.#parts.push(Buffer.from(text as string));
    return this;
  }

  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    if (this.#big) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return this.raw(bytes);
  }

  u64(value: number | bigint): this {
    const bytes = Buffer.alloc(8);
    if (this.#big) bytes.writeBigUInt64BE(BigInt(value));
    else bytes.writeBigUInt64LE(BigInt(value));
    return this.raw(bytes);
  }

  text(text: string): this {
    return this.u64(Buffer.byteLength(text)).raw(text);
  }

  /** A key whose value is a text. */
  pair(key: string, value: string): this {
    return this.text(key).u32(8).text(value);
  }

  tensor(name: string, shape: readonly (number | bigint)[], type: number, offset: number | bigint): this {
    this.text(name).u32(shape.length);
    for (const dimension of shape) this.u64(dimension);
    return this.u32(type).u64(offset);
  }

  /** Zeros up to a multiple of 32, then so many bytes. */
  data(length: number, fill = 1): this {
    const at = this.bytes().length;
    return this.raw(Buffer.alloc((32 - (at % 32)) % 32)).raw(Buffer.alloc(length, fill));
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}
