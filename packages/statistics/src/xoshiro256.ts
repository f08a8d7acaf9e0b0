/**
 * xoshiro256** 1.0 by David Blackman and Sebastiano Vigna, "Scrambled Linear Pseudorandom Number Generators" (ACM Transactions on
 * Mathematical Software 47, 2021; https://prng.di.unimi.it/xoshiro256starstar.c): 256 bits of state, period 2^256 - 1, passes
 * BigCrush. Not for secrets.
 *
 * Words of 64 bits are pairs of 32, because that is what JavaScript multiplies and shifts fast.
 */
export class Xoshiro256 {
  /** s[0] to s[3], each as its high and its low half. */
  readonly #state = new Int32Array(8);
  /** The halves of the newest number, each from 0 to 2^32 - 1. */
  high = 0;
  low = 0;

  /** @param seed 32 bytes that are not all zero: s[0] to s[3], little-endian */
  constructor(seed: Uint8Array) {
    const view = new DataView(seed.buffer, seed.byteOffset, 32);
    for (let word = 0; word < 4; word += 1) {
      this.#state[2 * word] = view.getInt32(8 * word + 4, true);
      this.#state[2 * word + 1] = view.getInt32(8 * word, true);
    }
    if (this.#state.every((half) => half === 0)) throw new RangeError('a seed of zeros gives zeros for ever');
  }

  /** Draws the next number into `high` and `low`: rotl(s[1] · 5, 7) · 9. */
  next(): void {
    const s = this.#state as unknown as [number, number, number, number, number, number, number, number];
    const high1 = s[2];
    const low1 = s[3];
    // · 5 = (· 4) + itself
    const low5 = ((low1 << 2) >>> 0) + (low1 >>> 0);
    const high5 = ((high1 << 2) | (low1 >>> 30)) + high1 + (low5 > 0xffffffff ? 1 : 0);
    // rotl by 7
    const highR = (high5 << 7) | ((low5 | 0) >>> 25);
    const lowR = ((low5 | 0) << 7) | ((high5 | 0) >>> 25);
    // · 9 = (· 8) + itself
    const low9 = ((lowR << 3) >>> 0) + (lowR >>> 0);
    const high9 = ((highR << 3) | (lowR >>> 29)) + highR + (low9 > 0xffffffff ? 1 : 0);
    this.high = high9 >>> 0;
    this.low = low9 >>> 0;
    this.#step((high1 << 17) | (low1 >>> 15), low1 << 17);
  }

  /** The linear engine. `high` and `low` are s[1] << 17, from before it moves. */
  #step(high: number, low: number): void {
    const s = this.#state as unknown as [number, number, number, number, number, number, number, number];
    s[4] ^= s[0];
    s[5] ^= s[1];
    s[6] ^= s[2];
    s[7] ^= s[3];
    s[2] ^= s[4];
    s[3] ^= s[5];
    s[0] ^= s[6];
    s[1] ^= s[7];
    s[4] ^= high;
    s[5] ^= low;
    // rotl(s[3], 45) = rotl by 32 (the halves change places) and by 13
    const high3 = s[6];
    const low3 = s[7];
    s[6] = (low3 << 13) | (high3 >>> 19);
    s[7] = (high3 << 13) | (low3 >>> 19);
  }
}
