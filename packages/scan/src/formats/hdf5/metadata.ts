import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood, PartSource } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';

/** Every address bit set: there is nothing (Specification II, "Undefined address"). */
const nowhere = 0xffff_ffff_ffff_ffffn;

/** The structures of a file; how much of them is read is bounded, so that what overlaps cannot take forever. */
export class Metadata {
  readonly part: Inspection;
  readonly #file: ByteSource;
  #left: number;

  /** @param file from its superblock on: addresses count from there */
  constructor(part: Inspection, file: ByteSource) {
    this.part = part;
    this.#file = file;
    this.#left = 4 * file.size + 2 ** 16;
  }

  get size(): number {
    return this.#file.size;
  }

  /** A structure of a known length. @throws NotUnderstood when it is not within the file, or too much was read */
  block(at: number, length: number): ByteSource {
    this.#left -= length;
    if (this.#left < 0) throw new NotUnderstood('its structures overlap: more would be read than there is', at);
    this.part.requireTime();
    return new PartSource(this.#file, at, length);
  }

  reader(at: number, length: number): ByteReader {
    return new ByteReader(this.block(at, length));
  }
}

/** An address of 8 bytes, or undefined where there is nothing. */
export function addressOf(reader: ByteReader): number | undefined {
  const value = reader.u64();
  if (value === nowhere) return undefined;
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new NotUnderstood(`an address of ${value}`);
  return Number(value);
}

/** An address that must be there. */
export function requireAddress(reader: ByteReader, of: string): number {
  const address = addressOf(reader);
  if (address === undefined) throw new NotUnderstood(`the address of ${of} is missing`);
  return address;
}

/** @throws NotUnderstood unless the next four bytes are the signature */
export function requireSignature(reader: ByteReader, signature: string, at: number): void {
  if (Buffer.from(reader.bytes(4)).toString('latin1') === signature) return;
  throw new NotUnderstood(`the signature \`${signature}\` is missing`, at);
}

/** A number of 1, 2, 4 or 8 bytes. */
export function sized(reader: ByteReader, bytes: number): number {
  if (bytes === 1) return reader.u8();
  if (bytes === 2) return reader.u16();
  return bytes === 4 ? reader.u32() : reader.length64();
}

/** Text up to a zero byte, at most to the end of a block. */
export function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(0, end < 0 ? bytes.length : end),
    );
  } catch {
    throw new NotUnderstood('a name or text that is not UTF-8');
  }
}
