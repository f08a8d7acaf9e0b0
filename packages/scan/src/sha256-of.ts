import { createHash } from 'node:crypto';
import { type ByteSource, piecesOf } from './bytes/source.ts';

/** SHA-256 in hex of all bytes of a source. */
export function sha256Of(source: ByteSource): string {
  const hash = createHash('sha256');
  for (const piece of piecesOf(source)) hash.update(piece);
  return hash.digest('hex');
}
