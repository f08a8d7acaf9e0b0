import { type AllowList, allowNothing } from './allow-list.ts';
import type { Folder } from './folder.ts';
import type { FileScan } from './inspection.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { recognise } from './recognise.ts';
import type { ResultCache } from './result-cache.ts';

export interface ScanOptions {
  /** What is left out is {@link defaultLimits}. */
  readonly limits?: Partial<Limits>;
  readonly allow?: AllowList;
  /** Hash the file, so that the result names its bytes (default: yes). */
  readonly hash?: boolean;
  /** What the file is called, where its path has another name for it. */
  readonly name?: string;
  /** For formats that name files beside them. */
  readonly folder?: Folder;
  /** Results of bytes that were scanned before; it needs the hash. */
  readonly cache?: ResultCache;
  /** Is told how far it is, in bytes of the file. */
  readonly progress?: (bytes: number) => void;
}

/** What all parts of one file share, from the options and their defaults. */
export function fileScan(options: ScanOptions): FileScan {
  return {
    limits: { ...defaultLimits, ...options.limits },
    allow: options.allow ?? allowNothing,
    folder: options.folder,
    progress: options.progress ?? (() => undefined),
    recognise,
  };
}
