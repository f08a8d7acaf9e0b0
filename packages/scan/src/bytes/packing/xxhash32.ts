const p1 = 0x9e3779b1;
const p2 = 0x85ebca77;
const p3 = 0xc2b2ae3d;
const p4 = 0x27d4eb2f;
const p5 = 0x165667b1;

/** xxHash of 32 bits with seed 0 (https://github.com/Cyan4973/xxHash, `doc/xxhash_spec.md` 0.1.1). */
export class XxHash32 {
  readonly #lanes = Int32Array.of(p1 + p2, p2, 0, -p1);
  readonly #rest = new Uint8Array(16);
  #restLength = 0;
  #length = 0;

  update(bytes: Uint8Array): this {
    this.#length += bytes.byteLength;
    let at = 0;
    if (this.#restLength > 0) {
      at = Math.min(16 - this.#restLength, bytes.byteLength);
      this.#rest.set(bytes.subarray(0, at), this.#restLength);
      this.#restLength += at;
      if (this.#restLength < 16) return this;
      this.#stripes(this.#rest, 0, 16);
      this.#restLength = 0;
    }
    const end = at + (bytes.byteLength - at - ((bytes.byteLength - at) % 16));
    this.#stripes(bytes, at, end);
    this.#rest.set(bytes.subarray(end));
    this.#restLength = bytes.byteLength - end;
    return this;
  }

  get value(): number {
    const [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    let sum = this.#length >= 16 ? rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18) : p5;
    sum = (sum + this.#length) | 0;
    const view = new DataView(this.#rest.buffer, 0, this.#restLength);
    let at = 0;
    for (; at + 4 <= this.#restLength; at += 4) {
      sum = Math.imul(rotate(sum + Math.imul(view.getUint32(at, true), p3), 17), p4);
    }
    for (; at < this.#restLength; at++) sum = Math.imul(rotate(sum + Math.imul(view.getUint8(at), p5), 11), p1);
    sum = Math.imul(sum ^ (sum >>> 15), p2);
    sum = Math.imul(sum ^ (sum >>> 13), p3);
    return (sum ^ (sum >>> 16)) >>> 0;
  }

  #stripes(bytes: Uint8Array, from: number, to: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let [a = 0, b = 0, c = 0, d = 0] = this.#lanes;
    for (let at = from; at < to; at += 16) {
      a = round(a, view.getUint32(at, true));
      b = round(b, view.getUint32(at + 4, true));
      c = round(c, view.getUint32(at + 8, true));
      d = round(d, view.getUint32(at + 12, true));
    }
    this.#lanes.set([a, b, c, d]);
  }
}

function round(lane: number, word: number): number {
  return Math.imul(rotate(lane + Math.imul(word, p2), 13), p1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
