import { NotUnderstood } from '../../bytes/source.ts';
import type { Judge } from '../../callables/judge.ts';
import type { Inspection } from '../../inspection.ts';
import { scanPickle } from '../../pickle/scan-pickle.ts';
import type { ZipArchive, ZipEntry } from '../zip/zip-archive.ts';
import type { Storages } from './storages.ts';

/** Scans an entry that is a pickle, with the storages that it may refer to. */
export async function scanPickleEntry(
  part: Inspection,
  archive: ZipArchive,
  { entry, storages, judge }: { entry: ZipEntry; storages: Storages; judge?: Judge },
): Promise<void> {
  using content = await archive.open(entry);
  await part.within(entry.name, content, async (inside) => {
    inside.format = 'pickle';
    await scanPickle(inside, {
      persistent: (id, at) => storages.persistent(id, at),
      ...(judge === undefined ? {} : { judge }),
    });
  });
}

/** What is said of an entry whose bytes are not read at all: packed ones have to be, for their size to be known. */
export async function requireSize(part: Inspection, archive: ZipArchive, entry: ZipEntry): Promise<void> {
  if (entry.method === 0 || entry.isFolder) return;
  try {
    (await archive.open(entry))[Symbol.dispose]();
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    part.leave(error.message, error.at === undefined ? {} : { at: error.at });
  }
}
