import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type * as Arrow from 'apache-arrow';
import { DatasetError } from '../../errors.ts';

/** Bytes of a buffer of a column. */
const longestUnpacked = 2 ** 30;

/** The reader of Arrow files, where it is installed. @throws DatasetError HF_DATASET_ENGINE */
export async function loadArrow(): Promise<typeof Arrow> {
  try {
    const arrow = await import('apache-arrow');
    // what is packed by LZ4 is refused: Node has no such codec
    arrow.compressionRegistry.set(arrow.CompressionType.ZSTD, {
      encode: (bytes) => zstdCompressSync(bytes),
      decode: (bytes) => zstdDecompressSync(bytes, { maxOutputLength: longestUnpacked }),
    });
    return arrow;
  } catch (cause) {
    throw new DatasetError('HF_DATASET_ENGINE', '`apache-arrow` cannot be loaded', { cause });
  }
}
