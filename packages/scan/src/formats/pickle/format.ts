import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { isOpcode } from '../../pickle/operations.ts';
import { tryPickle } from '../../pickle/trial.ts';
import { isLegacyTorch } from '../pytorch-legacy/magic.ts';
import { effectRules, pickleRules } from './rules.ts';

const extensions = ['pkl', 'pickle', 'pck', 'pcl', 'pt', 'pth', 'joblib', 'dill'];

/** Python's pickle, and what is made of it without a mark of its own: joblib, dill, cloudpickle, pandas. */
export const pickle: Format = {
  name: 'pickle',
  title: 'pickle',
  extensions,
  carriesCode: true,
  rules: [...Object.values(effectRules), ...Object.values(pickleRules)],
  recognise,
  load: async () => (await import('./scan.ts')).scanPickles,
};

function recognise(source: ByteSource): 'certain' | 'possible' | undefined {
  if (source.size < 2 || isLegacyTorch(source)) return undefined;
  const head = source.read(0, Math.min(source.size, 3));
  const [first = 0, protocol = 0, next] = head;
  if (first === 0x80 && protocol >= 2 && protocol <= 5)
    return next === undefined || isOpcode(next) ? 'certain' : undefined;
  if (!isOpcode(first)) return undefined;
  return looksPickled(source) ? 'possible' : undefined;
}

/**
 * Without a signature, what matters is whether a loader would do anything: something is named and called, or all of it is
 * gone through up to STOP; where that is data, nothing may follow that is no pickle.
 */
function looksPickled(source: ByteSource): boolean {
  const { end, named, acts, cut } = tryPickle(source);
  if (cut) return true;
  if (named) return acts;
  return end !== undefined && (end === source.size || tryPickle(source, end).end !== undefined);
}
