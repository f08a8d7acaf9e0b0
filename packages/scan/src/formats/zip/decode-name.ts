import type { Inspection } from '../../inspection.ts';

/** Bit 11 says that the name is UTF-8 (APPNOTE appendix D); without it programs take it for several encodings. */
export function decodeName(part: Inspection, bytes: Uint8Array, flags: number, at: number): string {
  const isPlain = bytes.every((byte) => byte < 0x80);
  if (isPlain) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if ((flags & 0x800) === 0) part.leave('an entry of the zip has a name in no encoding that it tells', { at });
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    if ((flags & 0x800) !== 0) part.leave('an entry of the zip has a name that is not UTF-8', { at });
    return Buffer.from(bytes).toString('latin1');
  }
}
