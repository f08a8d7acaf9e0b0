import { NotUnderstood } from '../../bytes/source.ts';

export const blockBytes = 512;

/** A header block of tar (POSIX.1-1988 ustar, and GNU's of before). */
export interface TarHeader {
  /** Without the prefix. */
  readonly name: Uint8Array;
  /** What ustar puts before the name. */
  readonly prefix: Uint8Array;
  /** Bytes of what follows. */
  readonly size: number;
  /** `0` a file, `5` a folder, `x` `g` `L` `K` about what follows … */
  readonly type: string;
  /** `ustar` of POSIX, `gnu`, or neither. */
  readonly dialect: 'ustar' | 'gnu' | 'v7';
}

/** Whether the block is a header: its checksum is its signature, since the oldest tars have no other. */
export function isHeader(block: Uint8Array): boolean {
  const stated = octal(block.subarray(148, 156));
  if (stated === undefined || block.byteLength < blockBytes) return false;
  // The field itself counts as spaces. Some programs of old summed bytes with a sign, and readers take both.
  let [plain, signed] = [8 * 32, 8 * 32];
  for (let at = 0; at < blockBytes; at++) {
    if (at >= 148 && at < 156) continue;
    const byte = block[at] ?? 0;
    plain += byte;
    signed += byte < 128 ? byte : byte - 256;
  }
  return stated === plain || stated === signed;
}

/** @throws NotUnderstood for a size that is none */
export function readHeader(block: Uint8Array, at: number): TarHeader {
  const size = numberOf(block.subarray(124, 136));
  if (size === undefined) throw new NotUnderstood('an entry of the tar without a size', at);
  const magic = Buffer.from(block.subarray(257, 265)).toString('latin1');
  return {
    name: untilZero(block.subarray(0, 100)),
    prefix: untilZero(block.subarray(345, 500)),
    size,
    type: String.fromCharCode(block[156] ?? 0),
    dialect: magic.startsWith('ustar\0') ? 'ustar' : magic === 'ustar  \0' ? 'gnu' : 'v7',
  };
}

export function untilZero(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Octal digits, with spaces before and a space or a zero byte behind; all blank is 0. */
function octal(field: Uint8Array): number | undefined {
  const text = Buffer.from(field.buffer, field.byteOffset, field.byteLength).toString('latin1');
  const match = /^ *([0-7]*)[ \0]*$/.exec(text);
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1] === '' ? '0' : match[1], 8);
}

/** Or GNU's form for large numbers: the highest bit, and then a number of base 256. Negative ones are no sizes. */
function numberOf(field: Uint8Array): number | undefined {
  if (field[0] !== 0x80) return octal(field);
  const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
  return Number.isSafeInteger(value) ? value : undefined;
}
