import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import type { ZipArchive, ZipEntry } from '../zip/zip-archive.ts';

/** Small texts about the archive itself, and all that they may say. */
const records: Readonly<Record<string, RegExp>> = {
  version: /^[0-9]{1,6}\n?$/,
  '.data/version': /^[0-9]{1,6}\n?$/,
  '.format_version': /^[0-9]{1,6}\n?$/,
  '.storage_alignment': /^[0-9]{1,10}\n?$/,
  byteorder: /^(?:little|big)\n?$/,
  '.data/serialization_id': /^[0-9]{1,64}\n?$/,
};

/** Whether an entry, by its name within the archive's folder, is one of them; it is then read. */
export async function readRecord(
  part: Inspection,
  archive: ZipArchive,
  { entry, name }: { entry: ZipEntry; name: string },
): Promise<boolean> {
  const pattern = Object.hasOwn(records, name) ? records[name] : undefined;
  if (pattern === undefined || entry.size > 100) return false;
  using content = await archive.open(entry);
  const text = Buffer.from(content.read(0, content.size)).toString('latin1');
  if (!pattern.test(text)) part.leave(`${shown(entry.name)} says ${shown(text)}`, { at: entry.offset });
  return true;
}
