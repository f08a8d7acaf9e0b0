import { crc32 } from 'node:zlib';

/**
 * Fields that say nothing about content or name: times and owners (NTFS 000A, Info-ZIP 5455, 5855, 7855, 7875), a mark of
 * Java (CAFE), alignment (Android D935).
 */
const harmless = new Set([0x000a, 0x5455, 0x5855, 0x7855, 0x7875, 0xcafe, 0xd935]);
const zip64Id = 0x0001;
const unicodePathId = 0x7075;
/** `FB`: what PyTorch fills up with, so that tensors are aligned. */
const paddingId = 0x4246;

/** The extra fields of one header (APPNOTE 4.5). */
export interface ExtraFields {
  /** The values of the ZIP64 field. */
  readonly zip64: readonly bigint[] | undefined;
  /** The name of the Unicode path field, and whether it is for the name in the header. */
  readonly unicodePath: { readonly name: Uint8Array; readonly fits: boolean } | undefined;
  /** What is wrong with them; undefined when every byte is understood. */
  readonly problem: string | undefined;
}

const none: ExtraFields = { zip64: undefined, unicodePath: undefined, problem: undefined };

export function readExtraFields(extra: Uint8Array, name: Uint8Array): ExtraFields {
  if (extra.byteLength === 0) return none;
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  let { zip64, unicodePath, problem } = none;
  for (let at = 0; at < extra.byteLength; ) {
    const length = extra.byteLength - at >= 4 ? view.getUint16(at + 2, true) : Infinity;
    if (length > extra.byteLength - at - 4)
      return { zip64, unicodePath, problem: 'has an extra field that is cut short' };
    const id = view.getUint16(at, true);
    const body = extra.subarray(at + 4, at + 4 + length);
    if (id === zip64Id && zip64 === undefined && length % 8 === 0) zip64 = numbersOf(body);
    else if (id === unicodePathId && unicodePath === undefined && length >= 5) unicodePath = pathOf(body, name);
    else if (!harmless.has(id) && !(id === paddingId && isPadding(body))) {
      problem ??= `has an extra field ${id.toString(16).padStart(4, '0')} that is not understood`;
    }
    at += 4 + length;
  }
  return { zip64, unicodePath, problem };
}

function numbersOf(body: Uint8Array): readonly bigint[] {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return Array.from({ length: body.byteLength / 8 }, (_, index) => view.getBigUint64(index * 8, true));
}

/** APPNOTE 4.6.9. */
function pathOf(body: Uint8Array, name: Uint8Array): NonNullable<ExtraFields['unicodePath']> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const fits = view.getUint8(0) === 1 && view.getUint32(1, true) === crc32(name);
  return { name: body.subarray(5), fits };
}

function isPadding(body: Uint8Array): boolean {
  return body.every((byte) => byte === body[0]);
}
