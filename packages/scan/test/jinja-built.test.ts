import { expect, test } from 'vitest';
import { scanBytes } from '../src/scan-bytes.ts';

/** For each, Jinja 3.1.6 without a sandbox looks up `__class__`, or what is named instead. */
const spelled = [
  "x['__<b>class__'|striptags]",
  "x['__classXXXXXX'|truncate(9, true, '__', 0)]",
  "x['class__'|indent('__', true)]",
  "x['__class'.ljust(9, '_')]",
  "x['x_x_xsxsxaxlxcx_x_'[::-2]]",
  "x['{a}{b}'.format(a='__cl', b='ass__')]",
  "x['{1}{0}'.format('ass__', '__cl')]",
  "x['%(a)s%(b)s'|format(a='__cl', b='ass__')]",
  "x['%.0s%.2s%.5s%.2s' % ('x', '__-', 'class-', '__-')]",
  "x['--class--'|replace(old='-', new='_')]",
  "x['--class----'.replace('-', '_', 4)]",
  "x[[['__cl'], ['ass__']]|join(attribute=0)]",
  'x[dict(__class__=1)|first]',
  "x[strftime_now('__cl%Zass__')]",
  "x[('a' * 5000 ~ '__cl' ~ 'ass__')[5000:]]",
  "[x]|join('', 'gi_frame')",
];
const templates = [
  ...spelled.map((expression) => `{{ ${expression} }}`),
  '{% set key %}__class__{% endset %}{{ x[key] }}',
  '{% set key | trim %} __class__ {% endset %}{{ x[key] }}',
  '{% macro key() %}__class__{% endmacro %}{{ x[key()] }}',
  '{% macro of(key) %}{{ x[key] }}{% endmacro %}{{ of("__<b>class__"|striptags) }}',
  "{% set g = '__<b>globals__'|striptags %}{{ joiner()['__<b>init__'|striptags][g]['os'].sys.modules['shutil'].copy('a', 'b') }}",
];

test.each(templates)('a name that a template spells itself does not pass: %s', async (template) => {
  const { verdict, format } = await scanBytes(Buffer.from(template), 'chat_template.jinja');
  expect(format).toBe('jinja');
  expect(['fail', 'unknown']).toContain(verdict);
});

const harmless = [
  "{{ messages[0]['role'] }}{{ roles[message.role|trim] }}{{ x[key.split('/')[-1]] }}",
  '{% for m in messages[::-1] %}{{ names[m.role] }}{% endfor %}',
  '{% macro type(spec) %}{{ known[spec.type] }}{% endmacro %}{{ type(tool.parameters) }}',
  '{% set text %}You are {{ name }}.{% endset %}{{ text }}',
  "{{ '{}: {}'.format(a, b) }}{{ '%s' % a }}{{ 'a'.ljust(5) }}",
];

test.each(harmless)('what only looks up data passes: %s', async (template) => {
  expect(await scanBytes(Buffer.from(template), 'chat_template.jinja')).toMatchObject({ verdict: 'pass' });
});
