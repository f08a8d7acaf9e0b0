import type { LineagePicture, PictureNode, Shape } from './picture.ts';

/** Mermaid draws at most so many arrows, unless its own `maxEdges` is raised. */
const mermaidArrows = 500;

/** Node shapes of Mermaid flowcharts: https://mermaid.js.org/syntax/flowchart.html#node-shapes */
const brackets = {
  data: ['[(', ')]'],
  model: ['[[', ']]'],
  file: ['[', ']'],
  run: ['([', '])'],
  decision: ['{{', '}}'],
} as const satisfies Record<Shape, readonly [string, string]>;

/** Borders alone: Mermaid's own themes, light or dark, stay readable. */
const classes = [
  'classDef good stroke:#2e7d32,stroke-width:2px',
  'classDef doubt stroke:#b26a00,stroke-width:2px,stroke-dasharray:5 3',
  'classDef bad stroke:#c62828,stroke-width:3px',
  'classDef subject stroke-width:4px',
] as const;

/**
 * The picture as a Mermaid flowchart, from left to right, for GitHub, GitLab and notebooks.
 * Names of others cannot leave their box: see {@link mermaidText}.
 */
export function mermaidText(picture: LineagePicture): string {
  const { title, summary, cautions, nodes, arrows } = picture;
  const names = new Map(nodes.map(({ id }, at) => [id, `n${at}`]));
  const tooMany = `${arrows.length} arrows: Mermaid draws at most ${mermaidArrows} unless its maxEdges is raised`;
  const notes = [title, summary, ...(arrows.length > mermaidArrows ? [tooMany] : [])];
  return [
    ...notes.map((note) => `%% ${comment(note)}`),
    'flowchart LR',
    ...nodes.map((node) => `  ${names.get(node.id) ?? ''}${label(node)}`),
    ...cautions.map((caution, at) => `  caution${at}["${escapeMermaid(caution)}"]`),
    ...arrows.map(({ from, to }) => `  ${names.get(from) ?? ''} --> ${names.get(to) ?? ''}`),
    ...[...classes, ...classLines(picture)].map((line) => `  ${line}`),
  ].join('\n');
}

function label({ shape, lines }: PictureNode): string {
  const [open, close] = brackets[shape];
  return `${open}"${lines.map(escapeMermaid).join('<br/>')}"${close}`;
}

/** Which nodes are of which class: a statement for each class, because a node takes but one behind its label. */
function classLines({ nodes, cautions }: LineagePicture): string[] {
  const classed = nodes.flatMap(({ tone, isSubject }, at) => [
    { name: tone, node: `n${at}` },
    ...(isSubject ? [{ name: 'subject', node: `n${at}` }] : []),
  ]);
  const all = [...classed, ...cautions.map((_, at) => ({ name: 'bad', node: `caution${at}` }))];
  const groups = Map.groupBy(
    all.filter(({ name }) => name !== 'plain'),
    ({ name }) => name,
  );
  return [...groups].map(([name, members]) => `class ${members.map(({ node }) => node).join(',')} ${name}`);
}

/** A comment ends with its line; `%%{` would open a directive. */
const comment = (text: string): string => text.replaceAll(/[{}\n\r%]/g, ' ');

/**
 * Letters, digits, spaces and a few signs stay; everything else becomes an entity code of Mermaid (`#35;`), which it
 * turns into text after parsing. A sign or a number at the beginning is coded too, lest the line be taken for a list of Markdown;
 * a word joiner (U+2060) keeps `$$` from being taken for a formula, `fa:fa-` for an icon and `://` for a link.
 */
function escapeMermaid(text: string): string {
  return text
    .replaceAll(/\$(?=\$)|:(?=fa-)|:(?=\/\/)/g, '$&\u2060')
    .replaceAll(/[^\p{L}\p{N} .,/:·…✓✗?!+=-]/gu, code)
    .replace(/^(?:\p{N}(?=\p{N}*[.)#])|[ .,/:·…+=-])/u, code);
}

const code = (letter: string): string => `#${letter.codePointAt(0) ?? 0};`;
