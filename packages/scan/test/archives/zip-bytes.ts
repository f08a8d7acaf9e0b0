// Zips byte by byte, as APPNOTE.TXT 6.3.10 lays them out, with any field set to what it should not be.
import { crc32, deflateRawSync } from 'node:zlib';

/** Fields of a header (4.3.7, 4.3.12); what is left out is right. */
interface Fields {
  readonly name: string | Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly extra: Buffer;
  /** Of the central header only. */
  readonly comment: Buffer;
  readonly externalAttributes: number;
  readonly offset: number;
}

export interface Made {
  readonly name: string | Buffer;
  readonly content?: Buffer;
  /** The bytes as packed; deflated where the method is 8. */
  readonly packed?: Buffer;
  readonly method?: number;
  readonly flags?: number;
  /** In both headers. */
  readonly both?: Partial<Fields>;
  readonly local?: Partial<Fields>;
  readonly central?: Partial<Fields>;
  /** Bytes before the local header, and behind the packed bytes. */
  readonly before?: Buffer;
  readonly behind?: Buffer;
  /** Left out of the central directory, or of the file. */
  readonly only?: 'local' | 'central';
}

export interface Ending {
  readonly before?: Buffer;
  readonly behind?: Buffer;
  readonly comment?: Buffer;
  /** Fields of the end of central directory (4.3.16). */
  readonly entries?: number;
  readonly here?: number;
  readonly size?: number;
  readonly offset?: number;
  readonly disk?: number;
  /** Adds the end of ZIP64 and its locator, which hold these numbers where they are given. */
  readonly zip64?: { entries?: bigint; size?: bigint; offset?: bigint; recordAt?: bigint; length?: bigint };
  /** Between the directory and its end. */
  readonly beforeEnd?: Buffer;
}

/** Numbers of 2, 4 or 8 bytes, the lowest byte first. */
export function little(...numbers: readonly (readonly [bytes: 2 | 4 | 8, value: number | bigint])[]): Buffer {
  const parts = numbers.map(([bytes, value]) => {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)));
    return part.subarray(0, bytes);
  });
  return Buffer.concat(parts);
}

function fieldsOf(made: Made): Fields & { packed: Buffer } {
  const { name, content = Buffer.alloc(0), method = 0, flags = 0 } = made;
  const packed = made.packed ?? (method === 8 ? deflateRawSync(content) : content);
  const [crc, compressedSize, size, nothing] = [crc32(content), packed.length, content.length, Buffer.alloc(0)];
  const rest = { extra: nothing, comment: nothing, externalAttributes: 0, offset: 0 };
  return { name, flags, method, crc, compressedSize, size, packed, ...rest, ...made.both };
}

function common({ flags, method, crc, compressedSize, size, name, extra }: Fields): Buffer {
  const [needed, time, date] = [20, 0, 0x21];
  const lengths = [Buffer.from(name).length, extra.length] as const;
  return little(
    ...([
      [2, needed],
      [2, flags],
      [2, method],
      [2, time],
      [2, date],
      [4, crc],
    ] as const),
    ...([
      [4, compressedSize],
      [4, size],
      [2, lengths[0]],
      [2, lengths[1]],
    ] as const),
  );
}

function localHeader(fields: Fields): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04'), common(fields), Buffer.from(fields.name), fields.extra]);
}

function centralHeader(fields: Fields): Buffer {
  const rest = little([2, fields.comment.length], [2, 0], [2, 0], [4, fields.externalAttributes], [4, fields.offset]);
  const madeBy = little([2, 0x031e]);
  const head = [Buffer.from('PK\x01\x02'), madeBy, common(fields), rest];
  return Buffer.concat([...head, Buffer.from(fields.name), fields.extra, fields.comment]);
}

/** A zip of these entries. */
export function zipOf(entries: readonly Made[], ending: Ending = {}): Buffer {
  const parts: Buffer[] = [ending.before ?? Buffer.alloc(0)];
  const directory: Buffer[] = [];
  let at = parts[0]?.length ?? 0;
  const put = (bytes: Buffer): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  for (const made of entries) {
    put(made.before ?? Buffer.alloc(0));
    const fields = fieldsOf(made);
    if (made.only !== 'local') directory.push(centralHeader({ ...fields, offset: at, ...made.central }));
    if (made.only === 'central') continue;
    put(localHeader({ ...fields, ...made.local }));
    put(fields.packed);
    put(made.behind ?? Buffer.alloc(0));
  }
  return Buffer.concat([...parts, ...directory, endOf(Buffer.concat(directory).length, at, directory.length, ending)]);
}

function endOf(size: number, offset: number, entries: number, ending: Ending): Buffer {
  const { comment = Buffer.alloc(0), disk = 0 } = ending;
  const own = { entries, size, offset, ...ending };
  const here = ending.here ?? own.entries;
  const end = little(
    ...([
      [2, disk],
      [2, disk],
      [2, here],
      [2, own.entries],
    ] as const),
    ...([
      [4, own.size],
      [4, own.offset],
      [2, comment.length],
    ] as const),
  );
  const zip64 = ending.zip64 === undefined ? Buffer.alloc(0) : zip64End({ size, offset, entries }, ending.zip64);
  const before = ending.beforeEnd ?? Buffer.alloc(0);
  return Buffer.concat([before, zip64, Buffer.from('PK\x05\x06'), end, comment, ending.behind ?? Buffer.alloc(0)]);
}

/** 4.3.14 and 4.3.15. */
function zip64End(
  right: { size: number; offset: number; entries: number },
  wrong: NonNullable<Ending['zip64']>,
): Buffer {
  const entries = wrong.entries ?? right.entries;
  const record = little(
    ...([
      [8, wrong.length ?? 44],
      [2, 45],
      [2, 45],
      [4, 0],
      [4, 0],
      [8, entries],
      [8, entries],
    ] as const),
    ...([
      [8, wrong.size ?? right.size],
      [8, wrong.offset ?? right.offset],
    ] as const),
  );
  const locator = little([4, 0], [8, wrong.recordAt ?? right.offset + right.size], [4, 1]);
  return Buffer.concat([Buffer.from('PK\x06\x06'), record, Buffer.from('PK\x06\x07'), locator]);
}
