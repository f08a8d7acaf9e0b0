import { createCipheriv, createHash, randomFillSync } from 'node:crypto';

/** Where random whole numbers come from. */
export interface RandomSource {
  /** A whole number in [0, bound), each as likely; bound > 0. */
  below(bound: bigint): bigint;
}

/** Bytes that are asked for at a time. */
const piece = 4096;

class Source implements RandomSource {
  readonly #fill: () => Uint8Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(fill: () => Uint8Array) {
    this.#fill = fill;
  }

  below(bound: bigint): bigint {
    const bits = (bound - 1n).toString(2).length;
    const mask = (1n << BigInt(bits)) - 1n;
    for (;;) {
      let drawn = 0n;
      for (let byte = 0; byte * 8 < bits; byte += 1) drawn = (drawn << 8n) | BigInt(this.#byte());
      drawn &= mask;
      if (drawn < bound) return drawn;
    }
  }

  #byte(): number {
    if (this.#at === this.#bytes.length) [this.#bytes, this.#at] = [this.#fill(), 0];
    const byte = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return byte;
  }
}

/** What nobody can foresee or repeat: the random numbers of the operating system. */
export const secretSource = (): RandomSource => new Source(() => randomFillSync(Buffer.alloc(piece)));

/** The same numbers for the same seed: AES-256 in counter mode under SHA-256 of the seed. Whoever has it can take the noise away. */
export function seededSource(seed: string): RandomSource {
  const stream = createCipheriv('aes-256-ctr', createHash('sha256').update(seed).digest(), Buffer.alloc(16));
  return new Source(() => stream.update(Buffer.alloc(piece)));
}
