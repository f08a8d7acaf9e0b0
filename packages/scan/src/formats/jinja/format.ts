import { type ByteSource, headOf } from '../../bytes/source.ts';
import type { Format } from '../../format.ts';
import { templateRules } from './rules.ts';

/** Jinja templates, as they turn messages into prompts. */
export const jinja: Format = {
  name: 'jinja',
  title: 'a Jinja template',
  extensions: ['jinja', 'jinja2', 'j2'],
  carriesCode: false,
  rules: Object.values(templateRules),
  recognise: (source) => (startsWithTag(source) ? 'possible' : undefined),
  load: async () => (await import('./scan.ts')).scanTemplate,
};

/** `{{`, `{%` or `{#` behind blanks: no JSON starts so. */
function startsWithTag(source: ByteSource): boolean {
  return /^\s*\{[{%#]/.test(Buffer.from(headOf(source, 4096)).toString('latin1'));
}
