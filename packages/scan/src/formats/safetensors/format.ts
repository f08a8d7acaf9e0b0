import type { ByteSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { safetensorsRules } from './rules.ts';

/** https://github.com/huggingface/safetensors: length of a JSON header, the header, the tensors. */
export const safetensors: Format = {
  name: 'safetensors',
  title: 'safetensors',
  extensions: ['safetensors'],
  carriesCode: false,
  rules: Object.values(safetensorsRules),
  recognise: (source) => (looksLike(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanSafetensors,
};

/** A plausible length and the brace that opens the header: no other format starts so. */
function looksLike(source: ByteSource): boolean {
  if (source.size < 10) return false;
  const head = source.read(0, 10);
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(source.size - 8) && head[8] === 0x7b;
}
