import { PartSource } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { EntryNames } from '../archive/entry-names.ts';
import { type TarEntry, TarReader } from './read-tar.ts';
import { tarRules } from './rules.ts';

/** Looks at every entry by itself. */
export async function scanTar(part: Inspection): Promise<void> {
  const names = new EntryNames(part, tarRules.path);
  const reader = new TarReader(part);
  let count = 0;
  for (let entry = reader.next(); entry !== undefined; entry = reader.next()) {
    count += 1;
    await scanEntry(part, entry, names);
    if (part.part.length === 0) part.scan.progress(entry.offset + entry.size);
  }
  part.summary = `${count} entries`;
  const { strayFrom } = reader;
  if (strayFrom === undefined) return;
  const size = part.source.size - strayFrom;
  part.report(tarRules.stray, { message: `${size} bytes follow the end of the tar, not all zero`, at: strayFrom });
  await part.enter(`bytes at ${strayFrom}`, new PartSource(part.source, strayFrom, size));
}

async function scanEntry(
  part: Inspection,
  { name, type, offset: at, size }: TarEntry,
  names: EntryNames,
): Promise<void> {
  if (isTop(name) && type === '5') return;
  // `tar c .` writes `./a`, which is `a` for every program.
  names.add(name.replace(/^(?:\.\/)+/, ''), at, type === '5' ? 'folder' : 'file');
  if ('123456'.includes(type) && type !== '5') {
    const what = type === '1' || type === '2' ? 'a link' : 'a device or a pipe';
    part.report(tarRules.link, { message: `entry ${shown(name)} is ${what}`, at });
  } else if (!'0\x0057'.includes(type)) {
    part.leave(`entry ${shown(name)} is of a kind that is not known here: ${shown(type)}`, { at });
  }
  if (type === '5' && size > 0) part.leave(`entry ${shown(name)} is a folder with bytes`, { at });
  if (type !== '5' || size > 0) await part.enter(name, new PartSource(part.source, at, size));
}

function isTop(name: string): boolean {
  return name === '.' || name === './';
}
