import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { ggufRules } from './rules.ts';

/** https://github.com/ggml-org/ggml/blob/master/docs/gguf.md: keys with values, then tensors. */
export const gguf: Format = {
  name: 'gguf',
  title: 'GGUF',
  extensions: ['gguf'],
  carriesCode: false,
  rules: Object.values(ggufRules),
  recognise: (source) => (startsAsGguf(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanGguf,
};

function startsAsGguf(source: ByteSource): boolean {
  if (source.size < 4) return false;
  const [a, b, c, d] = source.read(0, 4);
  return a === 0x47 && b === 0x47 && c === 0x55 && d === 0x46;
}
