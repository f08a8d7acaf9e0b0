import type { Inspection } from '../../inspection.ts';
import { enterEntry } from '../zip/enter-entry.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';
import { archiveRoot } from './archive-root.ts';
import { readRecord } from './records.ts';
import { requireSize, scanPickleEntry } from './scan-entry.ts';
import { Storages } from './storages.ts';

/** The pickle decides what is run; the storages are numbers; anything else is looked at by itself. */
export async function scanPytorch(part: Inspection, archive: ZipArchive): Promise<void> {
  const root = archiveRoot(new Set(archive.entries.map(({ name }) => name))) ?? '';
  const storages = new Storages(part, archive, `${root}data/`);
  for (const entry of archive.entries) {
    const name = entry.name.slice(root.length);
    if (name === 'data.pkl') await part.attempt(async () => scanPickleEntry(part, archive, { entry, storages }));
    else if (name.startsWith('data/')) await requireSize(part, archive, entry);
    else if (!(await readRecord(part, archive, { entry, name }))) await enterEntry(part, archive, entry);
  }
  storages.reportUnused();
  part.summary = `${storages.count} storages`;
}
