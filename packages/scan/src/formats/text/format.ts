import { type ByteSource, headOf } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { codeRules } from '../code/rules.ts';
import { textRules } from './rules.ts';

const glance = 2 ** 16;

/** Text in UTF-8: documentation, vocabularies, configurations, code. The last to be asked: anything else may be text, too. */
export const text: Format = {
  name: 'text',
  title: 'text',
  extensions: [
    ...[
      'txt',
      'md',
      'rst',
      'csv',
      'tsv',
      'yaml',
      'yml',
      'toml',
      'ini',
      'cfg',
      'cff',
      'log',
      'vocab',
      'merges',
      'jsonl',
    ],
    ...['jinja', 'jinja2', 'j2', 'py', 'sh', 'js', 'ts', 'html', 'htm', 'svg', 'xml'],
  ],
  carriesCode: false,
  rules: [...Object.values(textRules), ...Object.values(codeRules)],
  recognise: (source) => (looksLikeText(source) ? 'possible' : undefined),
  load: async () => (await import('./scan.ts')).scanText,
};

/** UTF-8 without control characters, as far as it is looked at; what is cut at the end of that may be half a character. */
function looksLikeText(source: ByteSource): boolean {
  const head = headOf(source, glance);
  if (head.some(isControl)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: source.size > glance });
    return true;
  } catch {
    return false;
  }
}

/** C0 but for tab, line feed, vertical tab, form feed and carriage return; and DEL. */
export function isControl(byte: number): boolean {
  return (byte < 0x20 && (byte < 0x09 || byte > 0x0d)) || byte === 0x7f;
}
