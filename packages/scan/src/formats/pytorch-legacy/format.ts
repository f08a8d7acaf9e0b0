import type { Format } from '../../format.ts';
import { effectRules, pickleRules } from '../pickle/rules.ts';
import { isLegacyTorch } from './magic.ts';

/** What `torch.save` wrote before PyTorch 1.6, and writes when asked: five pickles and raw storages. */
export const pytorchLegacy: Format = {
  name: 'pytorch-legacy',
  title: 'PyTorch file of before 1.6',
  extensions: ['pt', 'pth'],
  carriesCode: true,
  rules: [...Object.values(effectRules), ...Object.values(pickleRules)],
  recognise: (source) => (isLegacyTorch(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanLegacyTorch,
};
