import { basename } from 'node:path';
import { FileSource } from './bytes/file-source.ts';
import { type FileScan, Inspection } from './inspection.ts';
import { recognise } from './recognise.ts';
import { type FileResult, resultOf } from './result.ts';
import { fileScan, type ScanOptions } from './scan-options.ts';
import { sha256Of } from './sha256-of.ts';

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
  const name = options.folder?.path ?? options.name ?? basename(path);
  const { scan, hashed, dependsOnFolder } = beginScan(options, source.size);
  const sha256 = options.hash === false ? undefined : sha256Of(source.pieces(), hashed);
  const known = sha256 === undefined ? undefined : options.cache?.get(sha256, basename(name));
  if (known !== undefined && source.unchanged()) return { ...known, path: name };
  const root = new Inspection(scan, source, basename(name));
  if (sha256 !== undefined && scan.allow.digests.has(sha256)) root.allow();
  else await root.attempt(recognise);
  const changed = !source.unchanged();
  if (changed) root.leave('the file changed while it was scanned', { fix: 'scan it again when nothing writes to it' });
  const file = { path: name, size: source.size, ...(sha256 === undefined || changed ? {} : { sha256 }) };
  const result = resultOf(root, file);
  if (!dependsOnFolder()) options.cache?.put(result);
  return result;
}

/** Hashing and looking are each half of the work; what a scanner asks of the folder is noticed. */
function beginScan(options: ScanOptions, size: number) {
  const { progress = () => undefined, hash = true } = options;
  const share = hash ? 0.5 : 1;
  const { folder, ...rest } = fileScan(options);
  let asked = false;
  const scan: FileScan = {
    ...rest,
    get folder() {
      asked = true;
      return folder;
    },
    progress: (bytes) => {
      progress(size * (1 - share) + bytes * share);
    },
  };
  const hashed = (bytes: number): void => {
    progress(bytes * share);
  };
  return { scan, hashed, dependsOnFolder: () => asked };
}
