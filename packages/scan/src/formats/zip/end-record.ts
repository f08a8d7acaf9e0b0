import { ByteReader } from '../../bytes/byte-reader.ts';
import { type ByteSource, NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import { reportComment } from './comments.ts';
import { zipRules } from './rules.ts';

/** Bytes of the end of central directory without its comment (APPNOTE 4.3.16), and of the locator of ZIP64 (4.3.15). */
const endBytes = 22;
const locatorBytes = 20;
/** The longest comment. */
const commentBytes = 2 ** 16 - 1;
const signature = Buffer.from('PK\x05\x06', 'latin1');

/** Where the central directory is. */
export interface ZipEnd {
  readonly entries: number;
  readonly directoryStart: number;
  readonly directoryEnd: number;
  /** What has to be added to the offsets in the archive: bytes that were put before it. */
  readonly shift: number;
  /** Where the zip ends; what follows is no part of it. */
  readonly end: number;
}

interface Candidate {
  readonly at: number;
  /** Where the comment ends. */
  readonly end: number;
}

/** Every place in the last 64 KiB that could be the end of central directory, the last first. */
function candidatesOf(source: ByteSource): readonly Candidate[] {
  const from = Math.max(0, source.size - endBytes - commentBytes);
  const bytes = source.read(from, source.size - from);
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Candidate[] = [];
  for (let at = tail.length - endBytes; at >= 0; at--) {
    at = tail.lastIndexOf(signature, at);
    if (at < 0) break;
    found.push({ at: from + at, end: from + at + endBytes + tail.readUInt16LE(at + 20) });
  }
  return found;
}

/** Whether a zip ends exactly where the source does: programs find it there, whatever is before. */
export function endsAsZip(source: ByteSource): boolean {
  if (source.size < endBytes) return false;
  return candidatesOf(source).some(({ at, end }) => {
    const reader = new ByteReader(source, at + 4);
    const [disk, directoryDisk, here, total] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
    return end === source.size && disk === directoryDisk && here === total;
  });
}

/**
 * Finds the end of central directory as a program does that goes backward from the end of the file, and reports what
 * another program could find instead.
 *
 * @throws NotUnderstood where there is none, or it is part of an archive of several files
 */
export function findEnd(part: Inspection): ZipEnd {
  const candidates = candidatesOf(part.source);
  const fitting = candidates.filter(({ end }) => end === part.source.size);
  const found = fitting[0] ?? candidates[0];
  if (found === undefined) throw new NotUnderstood('a zip without an end: it is cut short');
  if (fitting.length > 1 || found !== candidates[0]) {
    const message = `the zip could end with the directory that offset ${found.at} tells of, or with that of another`;
    part.report(zipRules.ambiguous, { message, at: candidates[0]?.at ?? found.at });
  }
  if (found.end > part.source.size) throw new NotUnderstood('the comment of the zip is cut short', found.at);
  const commentAt = found.at + endBytes;
  reportComment(part, part.source.read(commentAt, found.end - commentAt), commentAt);
  const record = readRecord(part, found.at);
  return { ...placeOf(part, record), end: found.end };
}

interface EndRecord {
  /** Of this record, or of that of ZIP64 before it. */
  readonly at: number;
  readonly entries: number;
  readonly size: number;
  readonly offset: number;
}

function readRecord(part: Inspection, at: number): EndRecord {
  const reader = new ByteReader(part.source, at + 4);
  const [disk, directoryDisk, here, entries] = [reader.u16(), reader.u16(), reader.u16(), reader.u16()];
  if (disk !== 0 || directoryDisk !== 0) throw new NotUnderstood('a zip of several files', at);
  if (here !== entries) part.report(zipRules.mismatch, { message: 'the zip has two numbers of entries', at });
  const record = { at, entries, size: reader.u32(), offset: reader.u32() };
  if (at < locatorBytes) return record;
  const isZip64 = new ByteReader(part.source, at - locatorBytes).u32() === 0x07064b50;
  return isZip64 ? readZip64(part, record) : record;
}

/** APPNOTE 4.3.14 and 4.3.15. What both ends say must be the same, or too large for the older one. */
function readZip64(part: Inspection, old: EndRecord): EndRecord {
  const locatorAt = old.at - locatorBytes;
  const locator = new ByteReader(part.source, locatorAt + 4);
  const [disk, at, disks] = [locator.u32(), locator.length64(), locator.u32()];
  const reader = new ByteReader(part.source, at);
  const [mark, length] = [reader.u32(), reader.length64()];
  if (mark !== 0x06064b50 || at + 12 + length !== locatorAt || length !== 44 || disk !== 0 || disks > 1) {
    const message = 'the end of ZIP64 is not where programs look for it';
    part.report(zipRules.mismatch, { message, at: locatorAt });
    throw new NotUnderstood(message, locatorAt);
  }
  reader.skip(4);
  const [thisDisk, directoryDisk] = [reader.u32(), reader.u32()];
  const [here, entries, size, offset] = [reader.length64(), reader.length64(), reader.length64(), reader.length64()];
  if (thisDisk !== 0 || directoryDisk !== 0) throw new NotUnderstood('a zip of several files', at);
  const isSame =
    here === entries &&
    (old.entries === entries || old.entries === 0xffff) &&
    (old.size === size || old.size === 0xffffffff) &&
    (old.offset === offset || old.offset === 0xffffffff);
  if (!isSame) part.report(zipRules.mismatch, { message: 'the two ends of the zip name two directories', at });
  return { at, entries, size, offset };
}

/**
 * CPython takes the directory to end where the end record starts, and what does not fit to be bytes put before the zip;
 * others go by the offset alone. Where the two differ, so does what they read.
 */
function placeOf(part: Inspection, { at, entries, size, offset }: EndRecord): Omit<ZipEnd, 'end'> {
  const start = at - size;
  if (start !== offset) {
    const message = `the directory of the zip is said to be at ${offset}, and to be ${size} bytes that end at ${at}`;
    part.report(zipRules.mismatch, { message, at });
  }
  if (start < 0) throw new NotUnderstood('a zip whose directory is longer than itself', at);
  return { entries, directoryStart: start, directoryEnd: at, shift: start - offset };
}
