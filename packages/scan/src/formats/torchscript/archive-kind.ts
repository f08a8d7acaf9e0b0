import { hasInRoot } from '../pytorch/archive-root.ts';
import { pytorchRules } from '../pytorch/rules.ts';
import type { ArchiveKind } from '../zip/archive-kind.ts';
import { torchscriptRules } from './rules.ts';

/** What `torch.jit.save` writes: pickles of the module and its constants, storages, and code in TorchScript. */
export const torchscript: ArchiveKind = {
  name: 'torchscript',
  title: 'TorchScript archive',
  extensions: ['pt', 'pth', 'ts'],
  carriesCode: true,
  rules: [...Object.values(torchscriptRules), ...Object.values(pytorchRules)],
  matches: (names) => hasInRoot(names, 'constants.pkl'),
  load: async () => (await import('./scan.ts')).scanTorchscript,
};
