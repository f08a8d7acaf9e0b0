import { NotUnderstood } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { reportComment } from './comments.ts';
import { decodeName } from './decode-name.ts';
import type { ZipEnd } from './end-record.ts';
import { type ExtraFields, readExtraFields } from './extra-fields.ts';
import { zipRules } from './rules.ts';

/** What the central directory says about an entry (APPNOTE 4.3.12). */
export interface CentralHeader {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Of the local header, in the file. */
  readonly headerAt: number;
  readonly externalAttributes: number;
}

const headerBytes = 46;

/** @throws NotUnderstood where it is too large or cannot be followed */
export function readDirectory(part: Inspection, end: ZipEnd): readonly CentralHeader[] {
  const length = end.directoryEnd - end.directoryStart;
  if (length > part.limits.textBytes) throw new NotUnderstood(`a zip with a directory of ${length} bytes`);
  if (end.entries > part.limits.parts) throw new NotUnderstood(`a zip of ${end.entries} entries`);
  const bytes = part.source.read(end.directoryStart, length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const headers: CentralHeader[] = [];
  let at = 0;
  while (at < length && headers.length <= end.entries) {
    const isHeader = length - at >= headerBytes && view.getUint32(at, true) === 0x02014b50;
    if (!isHeader) throw new NotUnderstood('no header in the directory of the zip', end.directoryStart + at);
    const { header, next } = readHeader(part, view, at, end);
    headers.push(header);
    at = next;
  }
  if (headers.length !== end.entries || at !== length) {
    const message = `the zip says that it has ${end.entries} entries, and its directory has room for others`;
    part.report(zipRules.mismatch, { message, at: end.directoryStart });
  }
  return headers;
}

function readHeader(
  part: Inspection,
  view: DataView,
  at: number,
  end: ZipEnd,
): { header: CentralHeader; next: number } {
  const place = end.directoryStart + at;
  const nameEnd = at + headerBytes + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const next = extraEnd + view.getUint16(at + 32, true);
  if (next > view.byteLength) throw new NotUnderstood('the directory of the zip is cut short', place);
  if (view.getUint16(at + 34, true) !== 0) throw new NotUnderstood('a zip of several files', place);
  const nameBytes = new Uint8Array(view.buffer, view.byteOffset + at + headerBytes, nameEnd - at - headerBytes);
  const extra = readExtraFields(new Uint8Array(view.buffer, view.byteOffset + nameEnd, extraEnd - nameEnd), nameBytes);
  const flags = view.getUint16(at + 8, true);
  const name = decodeName(part, nameBytes, flags, place);
  const sizes = sizesOf(part, view, at, { extra, name, place });
  reportExtra(part, { extra, name, nameBytes, place });
  reportComment(part, new Uint8Array(view.buffer, view.byteOffset + extraEnd, next - extraEnd), place);
  const method = view.getUint16(at + 10, true);
  const [crc, externalAttributes] = [view.getUint32(at + 16, true), view.getUint32(at + 38, true)];
  const { size, compressedSize, offset } = sizes;
  const headerAt = offset + end.shift;
  return { header: { name, nameBytes, flags, method, crc, compressedSize, size, headerAt, externalAttributes }, next };
}

/** A value of all ones stands in the ZIP64 field, in this order (APPNOTE 4.5.3). */
function sizesOf(
  part: Inspection,
  view: DataView,
  at: number,
  about: { extra: ExtraFields; name: string; place: number },
): { size: number; compressedSize: number; offset: number } {
  const large = [...(about.extra.zip64 ?? [])];
  const value = (field: number): number => {
    const small = view.getUint32(at + field, true);
    const number = small === 0xffffffff ? (large.shift() ?? BigInt(small)) : BigInt(small);
    if (number > BigInt(Number.MAX_SAFE_INTEGER)) throw new NotUnderstood(`a size of ${number}`, about.place);
    return Number(number);
  };
  const size = value(24);
  const [compressedSize, offset] = [value(20), value(42)];
  const rest = large.filter((number) => ![0n, BigInt(size), BigInt(compressedSize), BigInt(offset)].includes(number));
  if (rest.length > 0) {
    const message = `entry ${shown(about.name)} has a size or an offset for programs that look at ZIP64, and another`;
    part.report(zipRules.mismatch, { message, at: about.place });
  }
  return { size, compressedSize, offset };
}

/** What the extra fields of a header mean for the entry; the same for the central and the local one. */
export function reportExtra(
  part: Inspection,
  { extra, name, nameBytes, place }: { extra: ExtraFields; name: string; nameBytes: Uint8Array; place: number },
): void {
  if (extra.problem !== undefined) part.leave(`entry ${shown(name)} ${extra.problem}`, { at: place });
  const { unicodePath } = extra;
  if (unicodePath === undefined || (unicodePath.fits && Buffer.from(unicodePath.name).equals(nameBytes))) return;
  const message = `entry ${shown(name)} has another name for programs that read Unicode paths`;
  part.report(zipRules.mismatch, { message, at: place });
}
