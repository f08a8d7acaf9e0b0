import type { Inspection } from '../../inspection.ts';
import { scanEntries } from '../zip/scan-entries.ts';
import type { ZipArchive } from '../zip/zip-archive.ts';
import { torchPackageRules } from './rules.ts';

/** Loading one imports what is in it: that is what it is for, and cannot be told from harm. */
export async function scanTorchPackage(part: Inspection, archive: ZipArchive): Promise<void> {
  const modules = archive.entries.filter(({ name }) => name.endsWith('.py')).length;
  part.report(torchPackageRules.code, {
    message: `a package of ${modules} Python modules, which importing it runs`,
    when: 'when `PackageImporter` loads an object from it',
  });
  await scanEntries(part, archive);
}
