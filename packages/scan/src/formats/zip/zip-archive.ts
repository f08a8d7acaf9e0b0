import type { ByteSource } from '../../bytes/source.ts';

/** One entry of a zip, as its central directory describes it and its local header agrees. */
export interface ZipEntry {
  /** With `/` between folders; a folder's ends in one. */
  readonly name: string;
  /** Bytes once unpacked, as declared. */
  readonly size: number;
  /** Bytes in the archive. */
  readonly compressedSize: number;
  /** APPNOTE 4.4.5: 0 stored, 8 deflated, 12 bzip2, 14 LZMA, 93 Zstandard, 95 XZ. */
  readonly method: number;
  /** Where its bytes start in the archive, behind its local header. */
  readonly offset: number;
  readonly isFolder: boolean;
}

/** A zip whose structure was read and compared; what is wrong with it was reported as it was read. */
export interface ZipArchive {
  /** In the order of the central directory, folders among them. */
  readonly entries: readonly ZipEntry[];
  /** Bytes of the file that belong to no entry, from and up to. */
  readonly stray: readonly { readonly from: number; readonly to: number }[];
  /**
   * The bytes of an entry, unpacked, with size and checksum compared. They are a view of the archive where the entry is
   * stored, else in memory or in a temporary file: `using` frees them at once.
   *
   * @throws NotUnderstood when they cannot be unpacked
   */
  open(entry: ZipEntry): Promise<ByteSource & Disposable>;
}
