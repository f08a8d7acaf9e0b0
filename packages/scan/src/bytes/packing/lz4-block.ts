import { NotUnderstood } from '../source.ts';

/** A block of LZ4 (LZ4 Block Format): literals and matches, which may reach back into `window`. */
export function unlz4Block(packed: Uint8Array, window: Uint8Array, most: number): Uint8Array {
  const out = new Uint8Array(window.byteLength + most);
  out.set(window);
  let to = window.byteLength;
  let at = 0;
  const refuse = (): never => {
    throw new NotUnderstood('broken: a block of LZ4');
  };
  /** 15 goes on in the bytes behind, each 255 in yet another. */
  const length = (nibble: number): number => {
    let value = nibble;
    for (let byte = nibble === 15 ? 255 : 0; byte === 255; value += byte) byte = packed[at++] ?? refuse();
    return value;
  };
  for (;;) {
    const token = packed[at++] ?? refuse();
    const literals = length(token >> 4);
    if (literals > packed.byteLength - at || literals > out.byteLength - to) refuse();
    out.set(packed.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === packed.byteLength) return out.slice(window.byteLength, to);
    const distance = (packed[at++] ?? refuse()) | ((packed[at++] ?? refuse()) << 8);
    const repeat = length(token & 15) + 4;
    if (distance === 0 || distance > to || repeat > out.byteLength - to) refuse();
    for (let end = to + repeat; to < end; to++) out[to] = out[to - distance] ?? 0;
  }
}
