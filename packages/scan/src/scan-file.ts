import { basename } from 'node:path';
import { type AllowList, allowNothing } from './allow-list.ts';
import { FileSource } from './bytes/file-source.ts';
import type { Folder } from './folder.ts';
import { Inspection } from './inspection.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { recognise } from './recognise.ts';
import { type FileResult, resultOf } from './result.ts';
import { sha256Of } from './sha256-of.ts';

export interface ScanOptions {
  /** What is left out is {@link defaultLimits}. */
  readonly limits?: Partial<Limits>;
  readonly allow?: AllowList;
  /** Hash the file, so that the result names its bytes (default: yes). */
  readonly hash?: boolean;
  /** For formats that name files beside them. */
  readonly folder?: Folder;
  readonly progress?: (bytes: number) => void;
}

/**
 * Scans one file: what it is, what it would run, and whether everything in it was understood. It runs nothing of it.
 *
 * @param path of a regular file
 * @throws the error of the file system where the file cannot be opened or read
 * @example
 * ```ts
 * import { scanFile } from '@holdfast/scan';
 * const { verdict, findings } = await scanFile('model.pt');
 * ```
 */
export async function scanFile(path: string, options: ScanOptions = {}): Promise<FileResult> {
  using source = new FileSource(path);
  const name = options.folder?.path ?? basename(path);
  const scan = {
    limits: { ...defaultLimits, ...options.limits },
    allow: options.allow ?? allowNothing,
    folder: options.folder,
    progress: options.progress ?? (() => undefined),
    recognise,
  };
  const root = new Inspection(scan, source, basename(name));
  const sha256 = options.hash === false ? undefined : sha256Of(source);
  if (sha256 !== undefined && scan.allow.digests.has(sha256)) {
    root.format = 'allowed';
    root.summary = 'allowed by its digest';
  } else await root.attempt(recognise);
  const changed = !source.unchanged();
  if (changed) root.leave('the file changed while it was scanned', { fix: 'scan it again when nothing writes to it' });
  const file = { path: name, size: source.size, ...(sha256 === undefined || changed ? {} : { sha256 }) };
  return resultOf(root, file);
}
