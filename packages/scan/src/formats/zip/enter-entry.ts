import { NotUnderstood } from '../../bytes/source.ts';
import type { Inspection } from '../../inspection.ts';
import type { ZipArchive, ZipEntry } from './zip-archive.ts';

/** Inspects an entry of a zip as a part of its own. What cannot be unpacked is left, and the others go on. */
export async function enterEntry(part: Inspection, archive: ZipArchive, entry: ZipEntry): Promise<void> {
  if (entry.isFolder && entry.size === 0) return;
  try {
    using content = await archive.open(entry);
    await part.enter(entry.name, content);
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    part.leave(error.message, error.at === undefined ? {} : { at: error.at });
  }
}
