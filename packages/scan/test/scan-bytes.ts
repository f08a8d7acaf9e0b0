import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileResult, ScanOptions } from '../src/index.ts';
import { scanFile } from '../src/scan-file.ts';

/** Scans bytes as a file of a name. */
export async function scanBytes(bytes: Uint8Array, name: string, options: ScanOptions = {}): Promise<FileResult> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-scan-'));
  try {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return await scanFile(path, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
