import { createHash } from 'node:crypto';

/**
 * SHA-256 in hex of bytes that come in pieces.
 *
 * @param progress is told how many bytes are done
 */
export function sha256Of(pieces: Iterable<Uint8Array>, progress?: (bytes: number) => void): string {
  const hash = createHash('sha256');
  let done = 0;
  for (const piece of pieces) {
    hash.update(piece);
    done += piece.byteLength;
    progress?.(done);
  }
  return hash.digest('hex');
}
