import { type ByteSource, headOf } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';

/** https://github.com/google/sentencepiece/blob/v0.2.1/src/sentencepiece_model.proto */
export const sentencepiece: Format = {
  name: 'sentencepiece',
  title: 'a SentencePiece tokenizer',
  extensions: ['spm'],
  carriesCode: false,
  rules: [],
  recognise: (source) => (startsWithPiece(source) ? 'certain' : undefined),
  load: async () => (await import('./scan.ts')).scanSentencepiece,
};

/** Field 1 is a piece: a short text in its field 1, then its score, a float in field 2. No graph starts so. */
function startsWithPiece(source: ByteSource): boolean {
  const head = headOf(source, 64);
  const [tag, length = 0, textTag, textLength = 0] = head;
  if (tag !== 0x0a || textTag !== 0x0a || length < 7 || length > 0x7f || textLength === 0) return false;
  return textLength + 7 <= length && head[4 + textLength] === 0x15;
}
