import { closeSync, openSync, readSync } from 'node:fs';
import { DatasetError, shown } from '../../errors.ts';

/** How the letters of a text are written as bytes. */
export type Encoding = 'utf-8' | 'utf-16' | 'latin-1';

const size = 2 ** 20;

/** The bytes of a file in pieces, those of UTF-16 as UTF-8; a byte order mark is left out. */
export function* piecesOf(path: string, encoding: Encoding): Generator<Uint8Array> {
  const file = opened(path);
  try {
    const decoder = encoding === 'utf-16' ? new TextDecoder(littleOrBig(file), { fatal: true }) : undefined;
    let isFirst = true;
    for (;;) {
      const buffer = Buffer.allocUnsafe(size);
      const read = buffer.subarray(0, readSync(file, buffer, 0, size, null));
      const piece = decoder === undefined ? read : decoded(decoder, read, path);
      if (read.length === 0) return;
      const isMarked = isFirst && piece[0] === 0xef && piece[1] === 0xbb && piece[2] === 0xbf;
      yield isMarked && encoding !== 'latin-1' ? piece.subarray(3) : piece;
      isFirst = false;
    }
  } finally {
    closeSync(file);
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    throw new DatasetError('HF_DATASET_UNREADABLE', `${shown(path)} cannot be opened`, { where: path, cause });
  }
}

function littleOrBig(file: number): 'utf-16le' | 'utf-16be' {
  const mark = new Uint8Array(2);
  readSync(file, mark, 0, 2, 0);
  return mark[0] === 0xfe && mark[1] === 0xff ? 'utf-16be' : 'utf-16le';
}

function decoded(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, path: string): Buffer {
  try {
    return Buffer.from(decoder.decode(bytes, { stream: bytes.length > 0 }));
  } catch (cause) {
    throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} is not well-formed UTF-16`, { where: path, cause });
  }
}

/** @throws DatasetError HF_DATASET_FORMAT where a text begins as UTF-16 does, and nobody said so */
export function requireSaid(first: Uint8Array, encoding: Encoding, path: string): void {
  if (encoding !== 'utf-8') return;
  const isMarked = (first[0] === 0xff && first[1] === 0xfe) || (first[0] === 0xfe && first[1] === 0xff);
  const start = first.subarray(0, 64);
  const zeros = start.filter((byte) => byte === 0).length;
  if (!isMarked && (start.length < 4 || zeros < start.length * 0.4 || zeros > start.length * 0.6)) return;
  throw new DatasetError('HF_DATASET_FORMAT', `${shown(path)} is UTF-16, which has to be said: \`encoding: utf-16\``, {
    where: path,
  });
}
