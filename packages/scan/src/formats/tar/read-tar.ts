import { NotUnderstood, piecesOf, requireRange } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { blockBytes, isHeader, readHeader, type TarHeader, untilZero } from './header.ts';
import { type PaxRecords, readPax } from './pax.ts';
import { tarRules } from './rules.ts';

/** One entry of a tar, with what headers before it say of it. */
export interface TarEntry {
  readonly name: string;
  /** As in the header; `5` also for a folder of the oldest tars. */
  readonly type: string;
  /** Where its bytes start. */
  readonly offset: number;
  readonly size: number;
}

/** What headers say about the entry that follows them. */
interface Ahead {
  pax?: PaxRecords;
  longName?: string;
  /** Where the name of what a link leads to is. */
  longLink?: number;
}

/** Reads a tar from header to header. Reports where two programs could read different entries. */
export class TarReader {
  readonly #part: Inspection;
  #at = 0;
  #count = 0;
  /** From where on there are bytes behind the end that are not zero. */
  strayFrom: number | undefined;

  constructor(part: Inspection) {
    this.#part = part;
  }

  /** Undefined at the end. @throws NotUnderstood where there is neither an entry nor an end */
  next(): TarEntry | undefined {
    const ahead: Ahead = {};
    for (;;) {
      const start = this.#at;
      const header = this.#header();
      if (header === undefined) {
        if (ahead.pax !== undefined || ahead.longName !== undefined || ahead.longLink !== undefined)
          throw new NotUnderstood('a header without entry', start);
        return undefined;
      }
      if (!'xgLK'.includes(header.type)) return this.#entry(header, ahead, start);
      this.#readAhead(header, ahead, start);
    }
  }

  #header(): TarHeader | undefined {
    this.#count += 1;
    if (this.#count % 256 === 0) this.#part.requireTime();
    if (this.#count > this.#part.limits.parts) throw new NotUnderstood(`a tar of more than ${this.#count} entries`);
    const start = this.#at;
    if (start === this.#part.source.size) {
      this.#part.leave('the tar has no end: it may be cut short', { at: start });
      return undefined;
    }
    const block = this.#part.source.read(start, blockBytes);
    this.#at += blockBytes;
    if (block.every((byte) => byte === 0)) {
      this.#end(start);
      return undefined;
    }
    if (isHeader(block)) return readHeader(block, start);
    const message = 'a header of the tar has another checksum: some programs stop there, others skip it';
    this.#part.report(tarRules.mismatch, { message, at: start });
    throw new NotUnderstood(message, start);
  }

  /** Two blocks of zeros, and zeros up to the end: programs differ in whether one is enough to stop. */
  #end(start: number): void {
    for (const piece of piecesOf(this.#part.source, this.#at)) {
      this.#part.requireTime();
      if (piece.some((byte) => byte !== 0)) this.strayFrom = this.#at;
      if (this.strayFrom !== undefined) return;
    }
    if (this.#part.source.size < start + 2 * blockBytes)
      this.#part.leave('the end of the tar is cut short', { at: start });
  }

  #readAhead({ type, size }: TarHeader, ahead: Ahead, start: number): void {
    if (size > this.#part.limits.textBytes) throw new NotUnderstood(`a header of ${size} bytes`, start);
    const bytes = this.#part.source.read(this.#skip(size), size);
    const twice = (type === 'x' && ahead.pax !== undefined) || (type === 'L' && ahead.longName !== undefined);
    if (twice) this.#differs('an entry has two headers of one kind before it', start);
    if (type === 'L') ahead.longName = this.#text(this.#ending(bytes, start), start);
    if (type === 'K') {
      this.#ending(bytes, start);
      ahead.longLink = start;
    }
    if (type === 'x') {
      ahead.pax = readPax(bytes, start);
      this.#laden(ahead.pax.laden, start);
    }
    if (type === 'g') {
      const { path, size: everySize, unknown, laden } = readPax(bytes, start);
      this.#laden(laden, start);
      if (path !== undefined || everySize !== undefined) this.#differs('one name or size for all entries', start);
      if (unknown !== undefined) this.#part.leave(`the tar says ${shown(unknown)} of all entries`, { at: start });
    }
  }

  /** A name up to the zero that ends it, behind which there is nothing. */
  #ending(bytes: Uint8Array, at: number): Uint8Array {
    const name = untilZero(bytes);
    if (bytes.subarray(name.byteLength).some((byte) => byte !== 0)) {
      this.#part.report(tarRules.stray, { message: 'bytes follow the end of a long name', at });
    }
    return name;
  }

  #laden(key: string | undefined, at: number): void {
    if (key === undefined) return;
    const message = `an extended header holds more in ${shown(key)} than people read`;
    this.#part.report(tarRules.stray, { message, at });
  }

  #entry(header: TarHeader, { pax, longName, longLink }: Ahead, start: number): TarEntry {
    const { dialect, prefix, type } = header;
    if (pax?.unknown !== undefined) this.#part.leave(`an entry of the tar says ${shown(pax.unknown)}`, { at: start });
    if (pax?.path !== undefined && longName !== undefined && pax.path !== longName) {
      this.#differs('an entry has two long names', start);
    }
    if (dialect !== 'ustar' && prefix.byteLength > 0) {
      this.#part.leave('an entry of the tar has a prefix that some programs put before its name', { at: start });
    }
    const short = this.#text(header.name, start);
    const whole = dialect === 'ustar' && prefix.byteLength > 0 ? `${this.#text(prefix, start)}/${short}` : short;
    const name = pax?.path ?? longName ?? whole;
    const size = pax?.size ?? header.size;
    // A header that is too small for the size has 0; programs that do not know pax would go on in the middle of the bytes.
    if (size !== header.size && header.size !== 0) this.#differs(`entry ${shown(name)} has two sizes`, start);
    const isOldFolder = type === '\0' && name.endsWith('/');
    if (type !== '5' && !isOldFolder && name.endsWith('/')) {
      this.#differs(`entry ${shown(name)} is a folder by its name, and none by its kind`, start);
    }
    // What a link leads to; links are a finding by themselves.
    if (longLink !== undefined && !'12'.includes(type)) {
      const message = `entry ${shown(name)} is no link, and has a long name of what it leads to`;
      this.#part.report(tarRules.stray, { message, at: longLink });
    }
    const hasBytes = !'123456'.includes(type) && !isOldFolder;
    if (!hasBytes && size > 0) this.#differs(`entry ${shown(name)} has a size, and can have no bytes`, start);
    const offset = this.#skip(hasBytes ? size : 0);
    return { name, type: isOldFolder ? '5' : type, offset, size: hasBytes ? size : 0 };
  }

  /** Goes on behind bytes of a size and the zeros that fill their last block; returns where they start. */
  #skip(size: number): number {
    const start = this.#at;
    requireRange(this.#part.source.size, start, size);
    const end = start + size;
    this.#at = start + Math.ceil(size / blockBytes) * blockBytes;
    const padding = this.#part.source.read(end, this.#at - end);
    if (padding.some((byte) => byte !== 0)) {
      const message = `${padding.byteLength} bytes fill up a block, and are not zero`;
      this.#part.report(tarRules.stray, { message, at: end });
    }
    return start;
  }

  #text(bytes: Uint8Array, at: number): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      this.#part.leave('an entry of the tar has a name that is not UTF-8', { at });
      return Buffer.from(bytes).toString('latin1');
    }
  }

  #differs(message: string, at: number): void {
    this.#part.report(tarRules.mismatch, { message, at });
  }
}
