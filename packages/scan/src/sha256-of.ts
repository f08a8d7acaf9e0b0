import { createHash } from 'node:crypto';
import { type ByteSource, piecesOf } from './bytes/source.ts';

/**
 * SHA-256 in hex of all bytes of a source.
 *
 * @param progress is told how many bytes are done
 */
export function sha256Of(source: ByteSource, progress?: (bytes: number) => void): string {
  const hash = createHash('sha256');
  let done = 0;
  for (const piece of piecesOf(source)) {
    hash.update(piece);
    done += piece.byteLength;
    progress?.(done);
  }
  return hash.digest('hex');
}
