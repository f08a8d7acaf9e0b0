import { type AlignedText, AlignedWriter } from './aligned-text.ts';

/**
 * The rules of SentencePiece for writing characters in one way: a double-array trie (Darts-clone) from texts in UTF-8 to places in
 * a block of texts that end in 0.
 */
export class PrecompiledRules {
  readonly #trie: Uint32Array;
  readonly #block: Uint8Array;

  /** @returns `undefined` if the bytes are no such rules */
  static read(bytes: Uint8Array): PrecompiledRules | undefined {
    if (bytes.length < 8) return undefined;
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    if (size % 4 !== 0 || size === 0 || size > bytes.length - 4) return undefined;
    const trie = new Uint32Array(size / 4);
    const view = new DataView(bytes.buffer, bytes.byteOffset + 4, size);
    for (const at of trie.keys()) trie[at] = view.getUint32(at * 4, true);
    return new PrecompiledRules(trie, bytes.subarray(4 + size));
  }

  private constructor(trie: Uint32Array, block: Uint8Array) {
    this.#trie = trie;
    this.#block = block;
  }

  /** What stands for the shortest beginning of a text that has a rule; `undefined` if none has. */
  rule(text: string): string | undefined {
    const offset = (unit: number): number => (unit >>> 10) << ((unit & 0x200) >>> 6);
    let at = offset(this.#trie[0] ?? 0);
    for (const byte of Buffer.from(text)) {
      if (byte === 0) return undefined;
      at = (at ^ byte) >>> 0;
      const unit = this.#trie[at];
      // The uppermost bit says that it is no inner node.
      if (unit === undefined || (unit & 0x800000ff) >>> 0 !== byte) return undefined;
      at = (at ^ offset(unit)) >>> 0;
      if ((unit & 0x100) !== 0) return this.#textAt((this.#trie[at] ?? 0) & 0x7fffffff);
    }
    return undefined;
  }

  #textAt(from: number): string {
    const end = this.#block.indexOf(0, from);
    return new TextDecoder().decode(this.#block.subarray(from, end === -1 ? this.#block.length : end));
  }
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** In bytes of UTF-8: longer graphemes are looked at character by character. */
const longestGrapheme = 5;

/** Writes each grapheme by its rule, or where it has none each of its characters. */
export function precompiled(aligned: AlignedText, rules: PrecompiledRules): AlignedText {
  const writer = new AlignedWriter();
  const write = (old: string, at: number, changed: string): void => {
    const characters = Array.from(old);
    let [index, offset] = [0, at];
    for (const character of changed) {
      const size = characters[index]?.length ?? 1;
      writer.write(character, aligned.starts[offset] ?? 0, aligned.ends[offset + size - 1] ?? 0);
      if (index < characters.length - 1) [index, offset] = [index + 1, offset + size];
    }
  };
  for (const { segment, index } of graphemes.segment(aligned.text)) {
    const whole = Buffer.byteLength(segment) <= longestGrapheme ? rules.rule(segment) : undefined;
    if (whole !== undefined) write(segment, index, whole);
    else {
      let at = index;
      for (const character of segment) {
        write(character, at, rules.rule(character) ?? character);
        at += character.length;
      }
    }
  }
  return writer.done();
}
