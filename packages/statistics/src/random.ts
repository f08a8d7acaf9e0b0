import { createHash } from 'node:crypto';
import { requireInteger, StatisticsError } from './errors.ts';
import { Xoshiro256 } from './xoshiro256.ts';

/** What can be put into another order: an array, typed or not. */
export interface Reorderable<Element> {
  readonly length: number;
  [index: number]: Element;
}

/** Random numbers that anybody with the seed can draw again. Not for secrets. */
export interface Random {
  /** A float64 in [0, 1): one of 2^53 numbers, each as likely as the other. */
  uniform(): number;
  /** A whole number in [0, below), each as likely as the other; `below` is 1 to 2^32. */
  integer(below: number): number;
  /** A number from the normal distribution with mean 0 and variance 1. */
  normal(): number;
  /**
   * Another stream, from the seed and this name alone: the same whatever was drawn here before, and independent of it. What runs in
   * another order, in several processes or again after an interruption draws the same numbers.
   */
  fork(name: string): Random;
  /** Puts a list into a random order, in place, each order as likely as the other; gives the same list back. */
  shuffle<List extends Reorderable<unknown>>(list: List): List;
  /** Fills with numbers in [0, 1): multiples of 2^-24, so that none rounds to 1. */
  fillUniform(array: Float32Array): Float32Array;
  /** Fills with numbers from the normal distribution with mean 0 and variance 1. */
  fillNormal(array: Float32Array): Float32Array;
}

/**
 * Random numbers from a seed. The generator is xoshiro256**, its state the SHA-256 of the seed.
 * @param seed a text, or a whole number, which is the same as its decimal digits
 * @throws StatisticsError HF_STATISTICS_ARGUMENT if a number is not a safe integer
 * @example
 * ```ts
 * import { randomOf } from '@holdfast/statistics';
 * const noise = randomOf(7).fork('restart 3').fillUniform(new Float32Array(784));
 * ```
 */
export function randomOf(seed: string | number): Random {
  if (typeof seed === 'number' && !Number.isSafeInteger(seed)) {
    throw new StatisticsError('HF_STATISTICS_ARGUMENT', `a seed is a text or a whole number, not \`${seed}\``);
  }
  return new SeededRandom(digest(Buffer.from('holdfast/random/seed\n'), Buffer.from(String(seed))));
}

function digest(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

class SeededRandom implements Random {
  readonly #key: Uint8Array;
  readonly #bits: Xoshiro256;
  /** Box–Muller gives two at a time. */
  #spare: number | undefined;

  /** @param key 32 bytes: the first state of the generator, and what streams are forked from */
  constructor(key: Uint8Array) {
    this.#key = key;
    this.#bits = new Xoshiro256(key);
  }

  uniform(): number {
    this.#bits.next();
    return (this.#bits.high * 2 ** 21 + (this.#bits.low >>> 11)) * 2 ** -53;
  }

  /** D. Lemire, "Fast Random Integer Generation in an Interval" (2019), with words of 32 bits: the high half of random · below. */
  integer(below: number): number {
    requireInteger('what an integer is below', below, 1, 2 ** 32);
    const leftOver = 2 ** 32 % below;
    for (;;) {
      this.#bits.next();
      const random = this.#bits.high;
      const low = Math.imul(random, below | 0) >>> 0;
      // Whatever lies below what 2^32 leaves over would make some numbers likelier than others.
      if (low >= leftOver) return highHalf(random, below);
    }
  }

  /** G. E. P. Box, M. E. Muller, "A Note on the Generation of Random Normal Deviates" (1958). */
  normal(): number {
    const spare = this.#spare;
    if (spare !== undefined) {
      this.#spare = undefined;
      return spare;
    }
    // 1 - u lies in (0, 1]: its logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  fork(name: string): Random {
    return new SeededRandom(digest(Buffer.from('holdfast/random/fork\n'), this.#key, Buffer.from(name)));
  }

  /** R. Durstenfeld, "Algorithm 235: Random permutation" (1964): Fisher and Yates, from the end. */
  shuffle<List extends Reorderable<unknown>>(list: List): List {
    for (let last = list.length - 1; last > 0; last -= 1) {
      const chosen = this.integer(last + 1);
      const element = list[last];
      list[last] = list[chosen];
      list[chosen] = element;
    }
    return list;
  }

  fillUniform(array: Float32Array): Float32Array {
    for (let index = 0; index < array.length; index += 1) {
      this.#bits.next();
      array[index] = (this.#bits.high >>> 8) * 2 ** -24;
    }
    return array;
  }

  fillNormal(array: Float32Array): Float32Array {
    for (let index = 0; index < array.length; index += 1) array[index] = this.normal();
    return array;
  }
}

/** ⌊a · b / 2^32⌋ for a below 2^32 and b up to 2^32: every step is exact in float64. */
function highHalf(a: number, b: number): number {
  const upper = Math.floor(a / 2 ** 16) * b;
  const lower = (a % 2 ** 16) * b;
  return Math.floor((upper + Math.floor(lower / 2 ** 16)) / 2 ** 16);
}
