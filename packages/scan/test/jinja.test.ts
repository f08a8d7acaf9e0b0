import { describe, expect, it } from 'vitest';
import { scanBytes, temporaryFolder, verdictOf } from './files-scene.ts';
import { chatTemplates } from './jinja-templates.ts';

const folder = temporaryFolder();
const verdict = async (template: string): Promise<string> =>
  verdictOf(await scanBytes(folder, 'chat_template.jinja', template));

describe('a chat template as people write them', () => {
  it.each(Object.entries(chatTemplates))('%s is clean', async (_, template) => {
    const result = await scanBytes(folder, 'chat_template.jinja', template);
    expect(result.findings).toEqual([]);
    expect(result.left).toEqual([]);
    expect(result.verdict).toBe('pass');
  });
});

describe('a template that reaches for the insides of Python fails', () => {
  it.each([
    ["{{ ''.__class__.__mro__ }}"],
    ["{{ messages['__class__'] }}"],
    ["{{ messages['__cl' ~ 'ass__'] }}"],
    ["{{ messages['__cl' 'ass__'] }}"],
    ["{{ messages['__cl' + 'ass__'] }}"],
    [String.raw`{{ messages["\x5f\x5fclass\x5f\x5f"] }}`],
    [String.raw`{{ messages["\137_class__"] }}`],
    [String.raw`{{ messages["\u005f_class__"] }}`],
    ["{{ messages['__ssalc__'[::-1]] }}"],
    ["{{ messages['__CLASS__'|lower] }}"],
    ["{{ messages['__CLASS__'.lower()] }}"],
    ["{{ messages['xxclassxx'|replace('x', '_')] }}"],
    ["{{ messages[['__cla', 'ss__']|join] }}"],
    ["{{ messages['%c%cclass%c%c' % (95, 95, 95, 95)] }}"],
    ["{{ messages['_' * 2 ~ 'class' ~ '_' * 2] }}"],
    ["{{ messages|attr('__class__') }}"],
    ['{{ messages|attr(name) }}'],
    ["{{ messages|map(attribute='__class__')|list }}"],
    ["{{ messages|map(attribute='a.__class__')|list }}"],
    ["{{ messages|selectattr('__class__') }}"],
    ["{{ messages|map('attr', '__class__') }}"],
    ["{{ messages|groupby('__class__') }}"],
    ["{{ messages|sum('__class__') }}"],
    ['{% for x in messages recursive %}{{ x._private }}{% endfor %}'],
    ['{{ generator.gi_frame.f_builtins }}'],
    ["{{ messages['gi_frame'] }}"],
    ['{{ __builtins__ }}'],
    ["{% include '/etc/hostname' %}"],
    ["{% import 'x' as x %}"],
    ["{% extends 'x' %}"],
    ["{% from 'x' import y %}"],
    ['{% if false %}{{ x.__init__ }}{% endif %}'],
    ['{% macro m(a=x.__init__) %}{% endmacro %}'],
    ['{{ f(x, y=z.__init__) }}'],
    ['{% set x.__class__ = 1 %}'],
  ])('%s', async (template) => {
    expect(await verdict(template)).toMatch(/^fail .*scan\.template\.escape/);
  });
});

describe('a template that asks for too much fails', () => {
  it.each([
    ['{% for i in range(1000000000) %}x{% endfor %}'],
    ['{% for i in range(10 ** 9) %}x{% endfor %}'],
    ['{% for i in range(90000) %}{% for j in range(90000) %}x{% endfor %}{% endfor %}'],
    ["{{ 'a' * 1000000000 }}"],
    ["{{ 'a'|center(1000000000) }}"],
    ["{{ 'a'.ljust(1000000000) }}"],
    ["{{ '%1000000000d' % 1 }}"],
    ['{{ 9 ** 99999 }}'],
    ['{{ 9 ** n }}'],
    ['{{ 9 ** 64 ** 64 ** 64 }}'],
    ['{% for m in messages %}{% set ns.text = ns.text ~ ns.text %}{% endfor %}'],
  ])('%s', async (template) => {
    expect(await verdict(template)).toMatch(/^fail .*scan\.template\.bomb/);
  });
});

describe('what chat templates are not known to need is unknown', () => {
  it.each([
    ['{{ lipsum() }}'],
    ['{{ get_flashed_messages() }}'],
    ['{{ messages|pprint }}'],
    ['{{ messages is somehow }}'],
    ['{{ messages.sort() }}'],
    ["{{ '{0.x}'.format(messages) }}"],
    ['{{ f.format(messages) }}'],
    ['{% set k = u ~ u ~ name %}{{ messages[k] }}'],
    ['{% macro m(k) %}{{ messages[k] }}{% endmacro %}{{ m(a ~ b) }}'],
    ['{{ messages[a ~ b] }}'],
    ["{{ messages['_private'] }}"],
    ['{{ raise_exception|string }}'],
    ['{{ (messages.pop)() }}{{ messages[0]() }}'],
    ['{{ messages|map(name) }}'],
    // Python folds names of variables (NFKC): both are one.
    ["{% set a = 'x' %}{% set \uff41 = '__class__' %}{{ messages[a] }}"],
    ["{% set \uff41 = '__class__' %}{{ messages[a] }}"],
  ])('%s', async (template) => {
    expect(await verdict(template)).toBe('unknown scan.template.unlisted');
  });
});

describe('what is no template is unknown', () => {
  it.each([
    ['{% for x in y %}'],
    ['{{ x'],
    ['{{ (x] }}'],
    ['{% endfor %}'],
    ['{% nonsense %}'],
    ['{# without an end'],
    [String.raw`{{ "\N{LOW LINE}" }}`],
    [`{{ ${'('.repeat(5000)}x${')'.repeat(5000)} }}`],
    [`{{ x${'.y'.repeat(5000)} }}`],
    [`{{ ${'1 + '.repeat(5000)}1 }}`],
    ['{% if x %}'.repeat(5000)],
  ])('%.40s', async (template) => {
    const result = await scanBytes(folder, 'chat_template.jinja', template);
    expect(verdictOf(result)).toBe('unknown');
    expect(result.left).toHaveLength(1);
  });
});

it('says where: an offset in bytes, also behind letters of several', async () => {
  const { findings } = await scanBytes(folder, 'chat_template.jinja', 'häßlich {{ x.__class__ }}');
  expect(findings.map(({ at }) => at)).toEqual([Buffer.from('häßlich {{ x').byteLength]);
});
