import { MemorySource, piecesOf } from './bytes/source.ts';
import { Inspection } from './inspection.ts';
import { recognise } from './recognise.ts';
import { type FileResult, resultOf } from './result.ts';
import { fileScan, type ScanOptions } from './scan-options.ts';
import { sha256Of } from './sha256-of.ts';

/**
 * Scans bytes that are in memory already, as {@link scanFile} scans a file.
 *
 * @param name what the file would be called: its extension is a promise that is checked
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { scanBytes } from '@holdfast/scan';
 * const { verdict } = await scanBytes(await readFile('model.safetensors'), 'model.safetensors');
 * ```
 */
export async function scanBytes(bytes: Uint8Array, name: string, options: ScanOptions = {}): Promise<FileResult> {
  const source = new MemorySource(bytes);
  const scan = fileScan(options);
  const root = new Inspection(scan, source, name);
  const sha256 = options.hash === false ? undefined : sha256Of(piecesOf(source));
  if (sha256 !== undefined && scan.allow.digests.has(sha256)) root.allow();
  else await root.attempt(recognise);
  return resultOf(root, { path: name, size: source.size, ...(sha256 === undefined ? {} : { sha256 }) });
}
