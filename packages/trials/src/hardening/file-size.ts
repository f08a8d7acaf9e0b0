import { constants, gzipSync, zstdCompressSync } from 'node:zlib';

/** How long a file is, and what is left of it where it is compressed, as registries and images do. */
export interface FileSize {
  readonly bytes: number;
  /** By gzip, level 9. */
  readonly gzip: number;
  /** By zstd, level 19. */
  readonly zstd: number;
}

export function fileSize(file: Uint8Array): FileSize {
  const parameters = { [constants.ZSTD_c_compressionLevel]: 19 };
  return {
    bytes: file.length,
    gzip: gzipSync(file, { level: 9 }).length,
    zstd: zstdCompressSync(file, { params: parameters }).length,
  };
}
