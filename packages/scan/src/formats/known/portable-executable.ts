import type { ByteSource } from '../../bytes/source.ts';

/** `MZ`, and where it says so, `PE\0\0`: two letters alone are how a text may start. */
export function isPortableExecutable(source: ByteSource): boolean {
  if (source.size < 64) return false;
  const head = source.read(0, 64);
  if (head[0] !== 0x4d || head[1] !== 0x5a) return false;
  const at = new DataView(head.buffer, head.byteOffset).getUint32(60, true);
  if (at > source.size - 4) return false;
  return Buffer.from(source.read(at, 4)).toString('latin1') === 'PE\0\0';
}
