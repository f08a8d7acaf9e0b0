import type { ArchiveKind } from '../zip/archive-kind.ts';
import { hasInRoot } from './archive-root.ts';
import { pytorchRules } from './rules.ts';

/** What `torch.save` writes since PyTorch 1.6: a pickle, and the numbers of each storage as an entry of their own. */
export const pytorch: ArchiveKind = {
  name: 'pytorch',
  title: 'PyTorch archive',
  extensions: ['pt', 'pth'],
  carriesCode: true,
  rules: Object.values(pytorchRules),
  // With `constants.pkl`, `torch.load` takes it for TorchScript.
  matches: (names) => hasInRoot(names, 'data.pkl') && !hasInRoot(names, 'constants.pkl'),
  load: async () => (await import('./scan.ts')).scanPytorch,
};
