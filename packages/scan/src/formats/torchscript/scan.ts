import { ByteReader } from '../../bytes/byte-reader.ts';
import { NotUnderstood } from '../../bytes/source.ts';
import { judgeFor } from '../../callables/judge-for.ts';
import type { Inspection } from '../../inspection.ts';
import { archiveRoot } from '../pytorch/archive-root.ts';
import { readRecord } from '../pytorch/records.ts';
import { requireSize, scanPickleEntry } from '../pytorch/scan-entry.ts';
import { Storages } from '../pytorch/storages.ts';
import { enterEntry } from '../zip/enter-entry.ts';
import type { ZipArchive, ZipEntry } from '../zip/zip-archive.ts';
import { definedIn, doubtsOf } from './code.ts';
import { torchscriptJudge } from './judge.ts';
import { torchscriptRules } from './rules.ts';

/** Pickles, and the folders that their storages are in. */
const pickles = { 'data.pkl': 'data/', 'constants.pkl': 'constants/', 'traced_inputs.pkl': 'traced_inputs/' } as const;

/** The pickles are data and classes of the archive's own code; the code may use operators that compute. */
export async function scanTorchscript(part: Inspection, archive: ZipArchive): Promise<void> {
  const root = archiveRoot(new Set(archive.entries.map(({ name }) => name))) ?? '';
  const judge = torchscriptJudge(judgeFor(part.scan.allow));
  const folders = new Map(
    Object.entries(pickles).map(([name, folder]) => {
      const isTrace = folder === 'traced_inputs/';
      return [name, new Storages(part, archive, root + folder, isTrace)];
    }),
  );
  const code: ZipEntry[] = [];
  for (const entry of archive.entries) {
    const name = entry.name.slice(root.length);
    const storages = folders.get(name);
    if (storages !== undefined) await part.attempt(async () => scanPickleEntry(part, archive, { entry, storages, judge }));
    else if (Object.values(pickles).some((folder) => name.startsWith(folder))) await requireSize(part, archive, entry);
    else if (/^code\/.*\.py$/.test(name)) code.push(entry);
    else if (!(await readRecord(part, archive, { entry, name }))) await scanOther(part, archive, entry, name);
  }
  for (const storages of folders.values()) storages.reportUnused();
  await part.attempt(async () => scanCode(part, archive, code));
  part.summary = `${folders.get('data.pkl')?.count ?? 0} storages, ${code.length} files of code`;
}

/** What the mobile interpreter runs instead of the code is a pickle of numbers, of which nothing here knows the meaning. */
async function scanOther(part: Inspection, archive: ZipArchive, entry: ZipEntry, name: string): Promise<void> {
  if (name === 'bytecode.pkl') part.leave('instructions for mobile devices are not understood here', { at: entry.offset });
  await enterEntry(part, archive, entry);
}

/** All of the code together says which methods there are. */
async function scanCode(part: Inspection, archive: ZipArchive, entries: readonly ZipEntry[]): Promise<void> {
  const defined = new Set<string>();
  for (const entry of entries) for (const name of definedIn(await textOf(part, archive, entry))) defined.add(name);
  for (const entry of entries) {
    using content = await archive.open(entry);
    await part.within(entry.name, content, async (inside) => {
      inside.format = 'torchscript-code';
      for (const doubt of doubtsOf(await textOf(part, archive, entry), defined)) {
        const { kind, at, reaches, message } = doubt;
        inside.report(torchscriptRules[kind], { message, at, reaches, when: 'when the model is loaded or used' });
      }
    });
  }
}

async function textOf(part: Inspection, archive: ZipArchive, entry: ZipEntry): Promise<string> {
  if (entry.size > part.limits.textBytes) throw new NotUnderstood(`code of ${entry.size} bytes`, entry.offset);
  using content = await archive.open(entry);
  return new ByteReader(content).text(content.size);
}
