import type { ByteSource } from '../../bytes/source.ts';

/** The first pickle of a file of PyTorch before 1.6: protocol 2 and 0x1950a86a20f9469cfc6c (`torch.serialization`). */
const magic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e];

/** Whether a file starts as PyTorch's legacy format does. */
export function isLegacyTorch(source: ByteSource): boolean {
  if (source.size <= magic.length) return false;
  const head = source.read(0, magic.length);
  return magic.every((byte, at) => head[at] === byte);
}
