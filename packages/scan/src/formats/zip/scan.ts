import { PartSource } from '../../bytes/source.ts';
import { shown } from '../../finding.ts';
import type { Inspection } from '../../inspection.ts';
import { general } from '../../rules.ts';
import type { ArchiveKind } from './archive-kind.ts';
import { archiveKinds } from './archive-kinds.ts';
import { readZip } from './read-zip.ts';
import { zipRules } from './rules.ts';
import { scanEntries } from './scan-entries.ts';
import type { ZipArchive } from './zip-archive.ts';

/** Reads the structure, then looks at the entries as what the zip really is; else each is looked at by itself. */
export async function scanZip(part: Inspection): Promise<void> {
  const archive = readZip(part);
  const names = new Set(archive.entries.map(({ name }) => name));
  const kinds = archiveKinds.filter((kind) => kind.matches(names));
  const [kind] = kinds;
  if (kind !== undefined) part.format = kind.name;
  reportKinds(part, kinds);
  for (const found of kinds) {
    const scan = await found.load();
    await part.attempt(async () => scan(part, archive));
  }
  if (kind === undefined) await scanEntries(part, archive);
  await scanStray(part, archive);
}

/** Nobody vouches for these bytes; what they are may say more. */
async function scanStray(part: Inspection, { stray }: ZipArchive): Promise<void> {
  const [first] = stray;
  if (first === undefined) return;
  const bytes = stray.reduce((sum, { from, to }) => sum + to - from, 0);
  const message = `${bytes} bytes belong to no entry, the first at ${first.from}`;
  part.report(zipRules.stray, { message, at: first.from });
  for (const { from, to } of stray) await part.enter(`bytes at ${from}`, new PartSource(part.source, from, to - from));
}

/** A zip that is two formats at once, or another one than its name promises. */
function reportKinds(part: Inspection, kinds: readonly ArchiveKind[]): void {
  if (kinds.length > 1) {
    const titles = kinds.map(({ title }) => title).join(' and ');
    part.report(general.polyglot, { message: `it reads as ${titles}: programs will not agree on what it is` });
  }
  const extension = /\.([a-z0-9]+)$/i.exec(part.name)?.[1]?.toLowerCase() ?? '';
  const promised = archiveKinds.filter(({ extensions }) => extensions.includes(extension));
  if (promised.length === 0 || promised.some((kind) => kinds.includes(kind))) return;
  const title = kinds[0]?.title ?? 'a zip of other files';
  const rule = kinds.some(({ carriesCode }) => carriesCode) ? general.disguised : general.misnamed;
  part.report(rule, { message: `named ${shown(part.name)}, it is ${title}`, within: 'file name' });
}
