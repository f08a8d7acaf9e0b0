import { createHash } from 'node:crypto';

const signs: Readonly<Record<string, string>> = {
  '#': '0123456789',
  A: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '*': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '@': '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
};

/** Random numbers that are the same in every run: mulberry32, seeded by SHA-256 of a text. */
export class RandomSigns {
  #state: number;

  constructor(seed: string) {
    this.#state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  }

  /** Below `count`. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  pick<Item>(items: ArrayLike<Item>): Item {
    return items[this.below(items.length)]!;
  }

  /** A text of a layout. */
  fill(layout: string): string {
    return Array.from(layout, (sign) => this.some(sign, 1)).join('');
  }

  /** `count` signs of a kind. */
  some(sign: string, count: number): string {
    const from = signs[sign] ?? sign;
    return Array.from({ length: count }, () => from.charAt(this.below(from.length))).join('');
  }
}

export function randomSigns(seed: string): RandomSigns {
  return new RandomSigns(seed);
}
