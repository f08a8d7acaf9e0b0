import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NotUnderstood } from '../src/bytes/source.ts';
import { parseTemplate } from '../src/formats/jinja/statements.ts';
import { type Expression, everyExpression, everyStatement } from '../src/formats/jinja/syntax.ts';
import { needsPython, runPython } from './files-scene.ts';

/** Jinja 3.1.6, set up as transformers sets it up; `generation` is transformers' own extension, of a few lines. */
const peer = `
import json, sys, jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment
class Generation(Extension):
    tags = {"generation"}
    def parse(self, parser):
        line = next(parser.stream).lineno
        return jinja2.nodes.Scope(parser.parse_statements(["name:endgeneration"], drop_needle=True)).set_lineno(line)
environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
nodes = jinja2.nodes
def seen(template):
    try:
        tree = environment.parse(template)
    except (jinja2.TemplateSyntaxError, RecursionError):
        return None
    attributes = ["." + node.attr for node in tree.find_all((nodes.Getattr, nodes.NSRef))]
    filters = ["|" + node.name for node in tree.find_all(nodes.Filter)]
    texts = [repr(node.value) for node in tree.find_all(nodes.Const) if isinstance(node.value, str)]
    return sorted(attributes + filters + texts)
print(json.dumps([seen(template) for template in json.load(sys.stdin)]))
`;

const pieces = [
  ...['{{', '}}', '{%', '%}', '{{-', '-}}', '{%-', '-%}', '{%+', '+%}', '{#', '#}', ' ', '\n', ' text '],
  ...['x', 'messages', 'true', 'none', 'in', 'is', 'not', 'and', 'or', 'if', 'else', 'elif', 'endif', 'for', 'endfor'],
  ...['set', 'endset', 'macro', 'endmacro', 'call', 'endcall', 'filter', 'endfilter', 'generation', 'endgeneration'],
  ...['with', 'endwith', 'raw', 'endraw', 'break', 'print', 'block', 'endblock', 'recursive', 'defined', 'upper'],
  ...[
    '+',
    '-',
    '*',
    '/',
    '//',
    '**',
    '%',
    '~',
    '==',
    '!=',
    '<',
    '<=',
    '=',
    '.',
    ':',
    ',',
    '|',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
  ],
  ...['1', '0', '012', '1_000', '0x1f', '1.5', '1e9', '.5', "'a'", '"b"', String.raw`'\x41'`, String.raw`'\x4'`, "'"],
];

/** Sentences that are right more often than not: what a parser takes only a whole tag of reveals little. */
const { expression, template } = fc.letrec<{ expression: string; template: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'x',
      'messages',
      '1',
      '1.5',
      "'a'",
      '[]',
      '{}',
      '()',
      'none',
      'x.y',
      'x[0]',
      'x[1:]',
      'x[::-1]',
      'f()',
    ),
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('+', '~', '%', '**', '==', ' in ', ' not in ', ' and ', ' if ', ',', '.'),
        tie('expression'),
      )
      .map((all) => all.join('')),
    tie('expression').map((inner) => `(${inner})`),
    tie('expression').map((inner) => `not ${inner}`),
    tie('expression').map((inner) => `-${inner}`),
    tie('expression').map((inner) => `${inner}|upper`),
    tie('expression').map((inner) => `${inner} is not defined`),
    tie('expression').map((inner) => `${inner} is divisibleby 3`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a} if ${b} else ${a}`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `f(${a}, k=${b}, *x, **y)`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `{${a}: ${b}}`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}[${b}]`),
  ),
  template: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(
      'text',
      '{# c #}',
      '{% raw %}{{ x{% endraw %}',
      '{% break %}',
      '{% set a, b = x %}',
      '{% set n.a = 1 %}',
    ),
    tie('expression').map((inner) => `{{ ${inner} }}`),
    tie('expression').map((inner) => `{% set a = ${inner} %}`),
    fc.tuple(tie('expression'), tie('template')).map(([a, b]) => `{%- if ${a} -%}${b}{% else %}${b}{% endif %}`),
    fc.tuple(tie('expression'), tie('template')).map(([a, b]) => `{% for i, j in ${a} if i %}${b}{% endfor %}`),
    fc.tuple(tie('expression'), tie('template')).map(([a, b]) => `{% macro m(p, q=${a}) %}${b}{% endmacro %}`),
    fc.tuple(tie('expression'), tie('template')).map(([a, b]) => `{% call(u) ${a} %}${b}{% endcall %}`),
    fc.tuple(tie('expression'), tie('template')).map(([a, b]) => `{% with v = ${a} %}${b}{% endwith %}`),
    tie('template').map((inner) => `{% set b | trim %}${inner}{% endset %}`),
    tie('template').map((inner) => `{% generation %}${inner}{% endgeneration %}`),
    fc.tuple(tie('template'), tie('template')).map((both) => both.join('')),
  ),
}));

/** A template, of which a piece may be gone, doubled or replaced. */
const damaged = fc
  .tuple(template, fc.nat(), fc.nat(5), fc.constantFrom('', ...pieces))
  .map(
    ([whole, at, length, piece]) =>
      whole.slice(0, at % (whole.length + 1)) + piece + whole.slice((at % (whole.length + 1)) + length),
  );

/** Attributes, filters and texts of a template, sorted; null where it is refused. */
function seen(text: string): readonly string[] | null {
  try {
    return [...everyStatement(parseTemplate(text))]
      .flatMap(({ targets, expressions }) => [...targets, ...expressions])
      .flatMap((outer) => [...everyExpression(outer)].flatMap(named))
      .sort();
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error;
    return null;
  }
}

function named(part: Expression): readonly string[] {
  if (part.kind === 'attribute') return [`.${part.name}`];
  if (part.kind === 'filter') return [`|${part.name}`];
  return part.kind === 'constant' && typeof part.value === 'string' ? [`'${part.value}'`] : [];
}

it('takes and refuses what Jinja does, and sees the same attributes, filters and texts in it', (context) => {
  needsPython(context);
  const arbitrary = fc.oneof(
    template,
    damaged,
    expression.map((inner) => `{{ ${inner} }}`),
    fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(' ')),
    fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map((all) => `{{ ${all.join(' ')} }}`),
  );
  const templates = fc.sample(arbitrary, { numRuns: 4000, seed: 4 });
  const theirs = JSON.parse(runPython(peer, [], JSON.stringify(templates))) as readonly (readonly string[] | null)[];
  expect(templates.map((each) => [each, seen(each)])).toEqual(templates.map((each, index) => [each, theirs[index]]));
  // Neither side says the same to everything.
  expect(theirs.filter((answer) => answer !== null).length).toBeGreaterThan(1000);
  expect(theirs.filter((answer) => answer === null).length).toBeGreaterThan(500);
});
