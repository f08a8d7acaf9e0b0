import { fileThing, memoryView, type Piece, reportOn, runOf, withdrawalOf } from '@holdfast/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeLineage } from '../src/lineage/compute-lineage.ts';
import type { Lineage } from '../src/lineage/lineage.ts';
import { mermaidText } from '../src/lineage/mermaid.ts';
import { packed } from '../src/lineage/packed.ts';
import { pictureOf } from '../src/lineage/picture.ts';
import { plainText } from '../src/lineage/plain-text.ts';
import { svgText } from '../src/lineage/svg.ts';

const named = (name: string, index = 0) => fileThing(name, `${index} ${name}`);

/** A chain of runs and artifacts with these names. */
function chainOf(names: readonly string[], title = 'tiny'): Lineage {
  const things = names.map(named);
  const runs = things.slice(1).map((thing, at): Piece => {
    const before = things[at];
    const inputs = before === undefined ? [] : [{ thing: before }];
    return { signer: names[at] ?? '', statement: runOf({ stage: names[at] ?? '', inputs, outputs: [{ thing }] }) };
  });
  return computeLineage(memoryView(runs), title);
}

/** Names that somebody could give to break out of a label, a tag, a comment or a line. */
const hostile = [
  '"]; click n0 href "javascript:alert(1)"; A["',
  '</text><script>alert(1)</script>',
  `<img src=x onerror='alert(1)'>`,
  '%%{init: {"securityLevel":"loose"}}%%',
  'a\nb\r\nc\u2028d',
  '\u001b[31mred\u001b]0;title\u0007',
  '#quot;&lt;&amp;',
  ']]> <!-- --> <?xml?>',
  '\u202Eexe.csv',
  '✓ scan',
  '$$x^2$$',
  'fa:fa-car',
  '1. list',
  'a\ufffeb\u0000',
];

/** What each of them becomes in a Mermaid label: how Mermaid 11.17.2 shows it was looked at in Chromium. */
const inMermaid: Readonly<Record<string, string>> = {
  '1. list': '#49;. list',
  '$$x^2$$': '#36;#8288;#36;x#94;2#36;#8288;#36;',
  'fa:fa-car': 'fa:#8288;fa-car',
  '#quot;&lt;&amp;': '#35;quot#59;#38;lt#59;#38;amp#59;',
  '✓ scan': '#183; scan',
};

describe('a Mermaid flowchart', () => {
  test('of three nodes, letter by letter', () => {
    const [raw, model] = [fileThing('raw.csv', 'raw'), fileThing('m.onnx', 'm')];
    const lineage = computeLineage(
      memoryView([
        {
          signer: 'builder',
          statement: runOf({ stage: 'train', inputs: [{ thing: raw }], outputs: [{ thing: model, kind: 'model' }] }),
        },
        { signer: 'checker', statement: reportOn(model.digest, { check: 'scan', verdict: 'fail' }) },
      ]),
      'tiny',
    );
    // coreutils: printf raw | sha256sum; printf m | sha256sum
    expect(mermaidText(pictureOf(lineage)).split('\n')).toEqual([
      '%% Lineage of tiny',
      '%% 2 artifacts, 1 run, by 2 pieces of evidence: 1 run, 1 check',
      'flowchart LR',
      '  n0[("raw.csv<br/>sha256:d7439bee2477…<br/>origin unknown")]',
      '  n1[["m.onnx<br/>sha256:62c66a7a5dd7…<br/>✗ scan"]]',
      '  n2(["train<br/>2026-11-20 10:00 UTC · by builder<br/>not sandboxed"])',
      '  n0 --> n2',
      '  n2 --> n1',
      '  classDef good stroke:#2e7d32,stroke-width:2px',
      '  classDef doubt stroke:#b26a00,stroke-width:2px,stroke-dasharray:5 3',
      '  classDef bad stroke:#c62828,stroke-width:3px',
      '  classDef subject stroke-width:4px',
      '  class n1 bad',
    ]);
  });

  test('names stay inside of their quotes', () => {
    const lines = mermaidText(pictureOf(chainOf(hostile, '"]\nclick'))).split('\n');
    const shapes = ['\\[\\("@"\\)\\]', '\\[\\["@"\\]\\]', '\\["@"\\]', '\\(\\["@"\\]\\)', '\\{\\{"@"\\}\\}'];
    const text = '(?:[^"<>\\[\\](){}&`|;#]|#\\d+;|<br/>)*';
    const node = new RegExp(`^  n\\d+(?:${shapes.map((shape) => shape.replace('@', text)).join('|')})$`, 'u');
    const known = [node, /^%% [^{}%]*$/, /^flowchart LR$/, /^ {2}n\d+ --> n\d+$/, /^ {2}class(?:Def)? [\w#:,. -]+$/];
    for (const line of lines)
      expect(
        known.some((pattern) => pattern.test(line)),
        line,
      ).toBe(true);
    for (const [name, label] of Object.entries(inMermaid)) {
      expect(
        lines.some((line) => line.includes(`"${label}<br/>`)),
        name,
      ).toBe(true);
    }
  });

  test('says so when Mermaid would not draw it', () => {
    const many = chainOf(Array.from({ length: 252 }, (_, at) => `f${at}`));
    expect(mermaidText(pictureOf(many))).toContain('%% 502 arrows: Mermaid draws at most 500');
  });
});

const tags = ['svg', 'title', 'desc', 'style', 'defs', 'marker', 'path', 'rect', 'g', 'text'];

/** Reads XML as strictly as this writer needs: known tags, quoted attributes, no entity but five. Returns the texts. */
function readXml(xml: string): string[] {
  const token = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<>&]*")*)(\/?)>|(&(?:amp|lt|gt|quot|#39);|[^<>&])+/guy;
  const open: string[] = [];
  const texts: string[] = [];
  let at = 0;
  for (const found of xml.matchAll(token)) {
    const [whole, closes, name, attributes = '', empty] = found;
    if (found.index !== at) throw new Error(`no XML at ${at}: ${xml.slice(at, at + 80)}`);
    at += whole.length;
    if (name === undefined) texts.push(whole);
    else if (!tags.includes(name) || / on\w+=|href|javascript/i.test(attributes)) throw new Error(`not ours: ${whole}`);
    else if (closes === '/' && open.pop() !== name) throw new Error(`${whole} closes something else`);
    else if (closes !== '/' && empty !== '/') open.push(name);
  }
  expect(at).toBe(xml.length);
  expect(open).toEqual([]);
  return texts;
}

describe('an SVG', () => {
  test('holds hostile names as text only', () => {
    const xml = svgText(pictureOf(chainOf(hostile, '</title><script>')));
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\u202e]/);
    expect(xml.isWellFormed()).toBe(true);
    const texts = readXml(xml);
    expect(texts).toContain('&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('any name at all', () => {
    const letter = fc.oneof(
      fc.constantFrom(...Array.from('<>&"\'#;:[](){}|`$%*_~\\/=-+.!?@ \n\t✓✗')),
      fc
        .integer({ min: 0, max: 0x10_ffff })
        .filter((point) => point < 0xd800 || point > 0xdfff)
        .map((point) => String.fromCodePoint(point)),
    );
    const name = fc.array(letter, { maxLength: 40 }).map((letters) => letters.join(''));
    fc.assert(
      fc.property(fc.array(name, { minLength: 2, maxLength: 5 }), name, (names, title) => {
        const picture = pictureOf(chainOf(names, title));
        readXml(svgText(picture));
        expect(mermaidText(picture).split('\n').length).toBe(
          3 + picture.nodes.length + picture.arrows.length + picture.cautions.length + 4,
        );
      }),
      { numRuns: 100 },
    );
  });

  test('has a title and a description, light and dark colours, nothing that is loaded or run', () => {
    const xml = svgText(pictureOf(chainOf(['raw', 'model', 'report'])));
    expect(xml).toContain('role="img" aria-labelledby="title desc"');
    expect(xml).toContain('<title id="title">Lineage of tiny</title>');
    expect(xml).toContain('3 artifacts, 2 runs, by 2 pieces of evidence: 2 runs.');
    expect(xml).toContain('raw to raw; raw to model; model to model; model to report');
    expect(xml).toContain('prefers-color-scheme: dark');
    expect(xml).not.toMatch(/<script|<image|<foreignObject|@import|url\((?!#head)/);
  });

  test('says by shape and by word how things stand', () => {
    const [raw, model] = [fileThing('raw.csv', 'raw'), fileThing('m.onnx', 'm')];
    const run = runOf({ stage: 'train', inputs: [{ thing: raw }], outputs: [{ thing: model, kind: 'model' }] });
    const pieces: Piece[] = [
      { signer: 'builder', statement: run },
      { signer: 'approver', statement: withdrawalOf(raw.digest, 'no consent') },
    ];
    const lineage = computeLineage(memoryView(pieces), 'tiny');
    const { nodes } = pictureOf(lineage);
    expect(nodes.map(({ shape, tone, lines }) => [shape, tone, lines.at(-1)])).toEqual([
      ['data', 'bad', '✗ withdrawn by approver: no consent'],
      ['model', 'doubt', '! made from what is withdrawn'],
      ['run', 'plain', 'not sandboxed'],
    ]);
  });

  test('what does not verify is counted in the picture', () => {
    const problem = { index: 3, id: 'x', code: 'HF_LEAF_MISMATCH', message: 'm' } as const;
    const view = { ...memoryView([]), broken: [problem], ignored: [problem, problem] };
    const { cautions } = pictureOf(computeLineage(view, 'tiny'));
    expect(cautions).toEqual([
      '✗ 1 entry does not verify, so nothing here can be relied on; not drawn',
      '! 2 entries count for nothing here; not drawn',
    ]);
    expect(readXml(svgText(pictureOf(computeLineage(view, 'tiny'))))).toContain(cautions[0]);
    expect(mermaidText(pictureOf(computeLineage(view, 'tiny')))).toContain('caution0["✗ 1 entry does not verify');
  });

  test('a circle is drawn', () => {
    const xml = svgText(pictureOf(chainOf(['a', 'b'])));
    expect(xml).not.toContain('class="arrow back"');
    const itself = named('a');
    const run = runOf({ stage: 'sort', inputs: [{ thing: itself }], outputs: [{ thing: itself }] });
    const circle = computeLineage(memoryView([{ signer: 'b', statement: run }]), 'tiny');
    expect(svgText(pictureOf(circle)).match(/class="arrow back"/g)).toHaveLength(1);
  });
});

test('code that nothing made is counted at the run, unless it is asked for', () => {
  const [raw, script, out] = [named('raw.csv'), named('train.py'), named('model.onnx')];
  const inputs = [{ thing: raw }, { thing: script, kind: 'code' }];
  const lineage = computeLineage(
    memoryView([{ signer: 'builder', statement: runOf({ stage: 'train', inputs, outputs: [{ thing: out }] }) }]),
    'tiny',
  );
  const titles = (picture: ReturnType<typeof pictureOf>): unknown[] => picture.nodes.map(({ lines }) => lines[0]);
  expect(titles(pictureOf(lineage))).toEqual(['raw.csv', 'model.onnx', 'train']);
  expect(pictureOf(lineage).nodes.at(-1)?.lines.at(-1)).toBe('not sandboxed · 1 file of code');
  expect(titles(pictureOf(lineage, { code: true }))).toEqual(['raw.csv', 'train.py', 'model.onnx', 'train']);
  const asked = { ...lineage, subjects: lineage.artifacts.filter(({ kind }) => kind === 'code').map(({ id }) => id) };
  expect(titles(pictureOf(asked))).toContain('train.py');
});

test('a name is one line of plain text', () => {
  expect(hostile.map((name) => plainText(name))).toEqual([
    '"]; click n0 href "javascript:alert(1)"; A["',
    '</text><script>alert(1)</script>',
    `<img src=x onerror='alert(1)'>`,
    '%%{init: {"securityLevel":"loose"}}%%',
    'a b cd',
    'red',
    '#quot;&lt;&amp;',
    ']]> <!-- --> <?xml?>',
    'exe.csv',
    '· scan',
    '$$x^2$$',
    'fa:fa-car',
    '1. list',
    'a\ufffeb',
  ]);
  expect(plainText('\ud800')).toBe('\ufffd');
  expect(plainText(' \n ')).toBe('(no name)');
  expect(plainText('x'.repeat(60))).toBe(`${'x'.repeat(55)}…`);
});

test('pieces stand side by side as long as they fit', () => {
  expect(packed(['aa', 'bb', 'cccc'], 7)).toEqual(['aa   bb', 'cccc']);
  expect(packed(['one two three', 'abcdefgh'], 5)).toEqual(['one', 'two', 'three', 'abcde', 'fgh']);
  expect(packed([], 5)).toEqual([]);
});
