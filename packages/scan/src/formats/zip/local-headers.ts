import { ByteReader } from '../../bytes/byte-reader.ts';
import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { type CentralHeader, reportExtra } from './central-directory.ts';
import type { ZipEnd } from './end-record.ts';
import { type ExtraFields, readExtraFields } from './extra-fields.ts';
import { zipRules } from './rules.ts';

const headerBytes = 30;
/** Sizes and checksum stand behind the bytes (APPNOTE 4.3.9). */
const descriptorFlag = 8;

/** Bytes of the file, from and up to. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Layout {
  /** Where the bytes of each entry start; without the entries that are not where they should be. */
  readonly starts: ReadonlyMap<CentralHeader, number>;
  /** What belongs to no entry. */
  readonly stray: readonly Range[];
}

/**
 * Goes through the file from local header to local header, as a program does that reads a zip from a pipe: each must say
 * what the central directory says of it, and there must be nothing between them.
 */
export function readLocalHeaders(part: Inspection, headers: readonly CentralHeader[], end: ZipEnd): Layout {
  const starts = new Map<CentralHeader, number>();
  const stray: Range[] = [];
  const sorted = headers.toSorted((a, b) => a.headerAt - b.headerAt);
  let at = 0;
  for (const [index, header] of sorted.entries()) {
    if (index % 1024 === 0) part.requireTime();
    if (header.headerAt > at) stray.push({ from: at, to: header.headerAt });
    const limit = sorted[index + 1]?.headerAt ?? end.directoryStart;
    if (header.headerAt < at) {
      reportOverlap(part, header);
      continue;
    }
    const place = placeOf(part, header, limit);
    if (place === undefined) continue;
    if (place.end > limit) reportOverlap(part, header);
    starts.set(header, place.start);
    at = place.end;
  }
  if (at < end.directoryStart) stray.push({ from: at, to: end.directoryStart });
  if (end.end < part.source.size) stray.push({ from: end.end, to: part.source.size });
  return { starts, stray };
}

function reportOverlap(part: Inspection, { name, headerAt }: CentralHeader): void {
  const message = `entry ${shown(name)} shares its bytes with another, or with the directory`;
  part.report(zipRules.overlap, { message, at: headerAt });
}

function placeOf(part: Inspection, header: CentralHeader, limit: number): { start: number; end: number } | undefined {
  try {
    return readLocalHeader(part, header, limit);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    const message = `entry ${shown(header.name)} is not where the directory says`;
    part.report(zipRules.mismatch, { message, at: header.headerAt });
    return undefined;
  }
}

/** Where the bytes of the entry start, and where all that belongs to it ends. */
function readLocalHeader(part: Inspection, header: CentralHeader, limit: number): { start: number; end: number } {
  const reader = new ByteReader(part.source, header.headerAt);
  if (reader.u32() !== 0x04034b50) throw new NotUnderstood('no local header', header.headerAt);
  reader.skip(2);
  const [flags, method] = [reader.u16(), reader.u16()];
  reader.skip(4);
  const [crc, compressedSize, size] = [reader.u32(), reader.u32(), reader.u32()];
  const [nameLength, extraLength] = [reader.u16(), reader.u16()];
  const name = reader.bytes(nameLength);
  const extra = readExtraFields(reader.bytes(extraLength), name);
  const differs = (what: string): void => {
    const message = `entry ${shown(header.name)} has another ${what} in its local header than in the directory`;
    part.report(zipRules.mismatch, { message, at: header.headerAt });
  };
  if (!Buffer.from(name).equals(header.nameBytes)) differs('name');
  if (flags !== header.flags) differs('set of flags');
  if (method !== header.method) differs('method');
  const isLater = (flags & descriptorFlag) !== 0;
  if (crc !== header.crc && !(isLater && crc === 0)) differs('checksum');
  if (!sizesAgree({ compressedSize, size, extra, isLater }, header)) differs('size');
  reportExtra(part, { extra, name: header.name, nameBytes: header.nameBytes, place: header.headerAt });
  const start = header.headerAt + headerBytes + nameLength + extraLength;
  const end = start + header.compressedSize;
  return { start, end: isLater ? end + descriptorBytes(part, header, { from: end, to: limit }) : end };
}

/** Sizes of all ones stand in the ZIP64 field, which may also hold them beside sizes that come later. */
function sizesAgree(
  local: { compressedSize: number; size: number; extra: ExtraFields; isLater: boolean },
  header: CentralHeader,
): boolean {
  const large = [...(local.extra.zip64 ?? [])];
  const isSame = (small: number, expected: number): boolean => {
    const value = small === 0xffffffff ? (large.shift() ?? BigInt(small)) : BigInt(small);
    return value === BigInt(expected) || (local.isLater && value === 0n);
  };
  if (!isSame(local.size, header.size) || !isSame(local.compressedSize, header.compressedSize)) return false;
  const known = [0n, BigInt(header.size), BigInt(header.compressedSize), BigInt(header.headerAt)];
  return large.every((value) => known.includes(value));
}

/** The descriptor has a signature or none, and sizes of 4 or 8 bytes: whichever says what the directory says. */
function descriptorBytes(part: Inspection, header: CentralHeader, { from, to }: Range): number {
  const forms = [16, 24, 12, 20].filter((length) => length <= to - from);
  forms.sort((a, b) => Number(b === to - from) - Number(a === to - from));
  const form = forms.find((length) => {
    const reader = new ByteReader(part.source, from);
    if (length % 8 === 0 && reader.u32() !== 0x08074b50) return false;
    const isLarge = length >= 20;
    const size = () => (isLarge ? reader.u64() : BigInt(reader.u32()));
    return reader.u32() === header.crc && size() === BigInt(header.compressedSize) && size() === BigInt(header.size);
  });
  if (form !== undefined) return form;
  const message = `entry ${shown(header.name)} has other sizes or another checksum behind its bytes than in the directory`;
  part.report(zipRules.mismatch, { message, at: from });
  return 0;
}
