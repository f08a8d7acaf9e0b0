import { type ByteSource, NotUnderstood, PartSource } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { CutShort, type JsonEvents, readJson } from '../../json/json-reader.ts';
import { huggingFaceRules, jsonRules } from './rules.ts';

/** As much as is read to tell whether it is JSON. */
const glance = 2 ** 16;

/** Configurations, tokenizers, indexes, models of XGBoost: https://www.rfc-editor.org/rfc/rfc8259 */
export const json: Format = {
  name: 'json',
  title: 'JSON',
  extensions: ['json', 'ipynb', 'webmanifest'],
  carriesCode: false,
  rules: [...Object.values(jsonRules), ...Object.values(huggingFaceRules)],
  recognise: (source) => (startsAsJson(source) ? 'possible' : undefined),
  load: async () => (await import('./scan.ts')).scanJson,
};

const silent: JsonEvents = {
  open: () => undefined,
  close: () => undefined,
  key: () => undefined,
  value: () => undefined,
  duplicate: () => undefined,
};

/** An object or an array, whole or, where it is long, as far as it is looked at. */
function startsAsJson(source: ByteSource): boolean {
  const head = new PartSource(source, 0, Math.min(source.size, glance));
  if (!/^\s*[[{]/.test(Buffer.from(head.read(0, Math.min(64, head.size))).toString('latin1'))) return false;
  try {
    return readJson(head, silent) === head.size;
  } catch (error) {
    if (error instanceof CutShort) return source.size > head.size;
    if (error instanceof NotUnderstood) return false;
    throw error;
  }
}
