import { type ByteSource, headOf } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';

/** https://ubjson.org, as far as XGBoost writes it: the form in which it saves models by default. */
export const ubjson: Format = {
  name: 'ubjson',
  title: 'UBJSON, as XGBoost writes it',
  extensions: ['ubj', 'ubjson'],
  carriesCode: false,
  rules: [],
  recognise: (source) => (startsWithKey(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanUbjson,
};

/** An object whose first key has a length in 64 bits, all but the last byte of it zero, and is a word. */
function startsWithKey(source: ByteSource): boolean {
  const head = Buffer.from(headOf(source, 265)).toString('latin1');
  const length = head.charCodeAt(9);
  return /^\{L\0{7}[^\0]/.test(head) && /^\w+$/.test(head.slice(10, 10 + length)) && head.length >= 10 + length;
}
