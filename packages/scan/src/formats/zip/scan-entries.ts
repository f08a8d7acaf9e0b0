import type { Inspection } from '../../inspection.ts';
import { enterEntry } from './enter-entry.ts';
import type { ZipArchive } from './zip-archive.ts';

/** Looks at every entry by itself. */
export async function scanEntries(part: Inspection, archive: ZipArchive): Promise<void> {
  for (const entry of archive.entries) {
    await enterEntry(part, archive, entry);
    if (part.part.length === 0) part.scan.progress(entry.offset + entry.compressedSize);
  }
  part.summary = `${archive.entries.length} entries`;
}
