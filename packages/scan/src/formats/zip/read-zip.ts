import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { EntryNames } from '../archive/entry-names.ts';
import { type CentralHeader, readDirectory } from './central-directory.ts';
import { findEnd } from './end-record.ts';
import { readLocalHeaders } from './local-headers.ts';
import { openEntry } from './open-entry.ts';
import { zipRules } from './rules.ts';
import type { ZipArchive, ZipEntry } from './zip-archive.ts';

/** Levels of deflate, sizes that come later, names in UTF-8, encryption (which {@link openEntry} refuses). */
const knownFlags = 0x0001 | 0x0006 | 0x0008 | 0x0040 | 0x0800 | 0x2000;

/**
 * Reads the structure of a zip, and reports every place where two readers could disagree on what is in it. It reads
 * headers only: the bytes of an entry, and so its checksum, when it is opened.
 *
 * @throws NotUnderstood when it has no structure that could be followed
 */
export function readZip(part: Inspection): ZipArchive {
  const end = findEnd(part);
  const headers = readDirectory(part, end);
  const { starts, stray } = readLocalHeaders(part, headers, end);
  const found = new Map<ZipEntry, CentralHeader>();
  const names = new EntryNames(part, zipRules.path);
  for (const header of headers) {
    const offset = starts.get(header);
    const isFolder = header.name.endsWith('/');
    names.add(header.name, header.headerAt, isFolder ? 'folder' : 'file');
    reportEntry(part, header, isFolder);
    if (offset === undefined) continue;
    const { name, size, compressedSize, method } = header;
    found.set({ name, size, compressedSize, method, offset, isFolder }, header);
  }
  return {
    entries: [...found.keys()],
    stray,
    open: async (entry) => {
      const header = found.get(entry);
      if (header === undefined) throw new TypeError('the entry is of another zip');
      return openEntry(part, entry, header);
    },
  };
}

function reportEntry(part: Inspection, header: CentralHeader, isFolder: boolean): void {
  const { name, headerAt: at, flags, method, size, compressedSize } = header;
  // The upper half is what `stat` says on Unix: a type of 0 says nothing, 4 is a folder, 8 a file.
  const type = header.externalAttributes >>> 28;
  if (type !== 0 && type !== 4 && type !== 8) {
    const what = type === 10 ? 'a symbolic link' : 'a device or a pipe';
    part.report(zipRules.link, { message: `entry ${shown(name)} is ${what}`, at });
  }
  if (isFolder ? size > 0 || type === 8 : type === 4) {
    const message = `entry ${shown(name)} is a folder for some programs, and a file for others`;
    part.report(zipRules.mismatch, { message, at });
  }
  if (method === 0 && size !== compressedSize && (flags & 1) === 0) {
    part.report(zipRules.mismatch, { message: `entry ${shown(name)} is stored, and has two sizes`, at });
  }
  if ((flags & ~knownFlags) !== 0) part.leave(`entry ${shown(name)} has flags that are not known here`, { at });
}
