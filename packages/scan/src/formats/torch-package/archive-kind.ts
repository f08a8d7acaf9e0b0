import { hasInRoot } from '../pytorch/archive-root.ts';
import type { ArchiveKind } from '../zip/archive-kind.ts';
import { torchPackageRules } from './rules.ts';

/** What `torch.package.PackageExporter` writes: Python code, and pickles of objects of its classes. */
export const torchPackage: ArchiveKind = {
  name: 'torch-package',
  title: 'torch.package archive',
  extensions: ['pt', 'pth'],
  carriesCode: true,
  rules: Object.values(torchPackageRules),
  matches: (names) => hasInRoot(names, '.data/extern_modules') || hasInRoot(names, '.data/python_version'),
  load: async () => (await import('./scan.ts')).scanTorchPackage,
};
