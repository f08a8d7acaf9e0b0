import type { Layout, PlacedBox, Point, RoutedArrow } from './layout/graph.ts';
import { layOut } from './layout/layout.ts';
import type { LineagePicture, PictureNode } from './picture.ts';
import { svgStyle } from './svg-style.ts';

/** Pixels. The font is monospaced: 0.6 em of 12 px are 7.2, and some are a little wider. */
const letterWidth = 7.4;
const lineHeight = 17;
const padding = 12;
const margin = 24;
const gaps = { across: 56, down: 22 } as const;

/**
 * The picture as an SVG that stands alone: no script, nothing loaded, light or dark as the page around it, with a title
 * and a description for those who cannot see it.
 */
export function svgText(picture: LineagePicture): string {
  const layout = layOut(picture.nodes.map(boxOf), picture.arrows, gaps);
  const headings = [picture.title, picture.summary, ...picture.cautions];
  const top = margin + headings.length * (lineHeight + 3) + 12;
  const width = Math.ceil(Math.max(layout.width, ...headings.map(textWidth)) + 2 * margin);
  const height = Math.ceil(top + layout.height + margin + backRoom(layout));
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escapeXml(picture.title)}</title>`,
    `<desc id="desc">${escapeXml(description(picture))}</desc>`,
    `<style>${svgStyle}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0L8 4L0 8z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...headings.map((text, at) => headingText(text, at, picture.cautions)),
    `<g transform="translate(${margin} ${top})">`,
    ...layout.arrows.map((arrow) => arrowPath(arrow, layout)),
    ...layout.boxes.map((box) => nodeGroup(box, nodes.get(box.id))),
    '</g>',
    '</svg>',
  ].join('\n');
}

function boxOf({ id, lines }: PictureNode): { id: string; width: number; height: number } {
  const width = Math.max(90, ...lines.map(textWidth)) + 2 * padding;
  return { id, width: round(width), height: lines.length * lineHeight + 2 * padding };
}

/** East Asian letters and pictures take two columns (Unicode Standard Annex 11); others one. */
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f000}-\u{3fffd}]/gu;

const textWidth = (text: string): number => (Array.from(text).length + (text.match(wide)?.length ?? 0)) * letterWidth;

function headingText(text: string, at: number, cautions: readonly string[]): string {
  const y = margin + at * (lineHeight + 3) + 4;
  const name = at === 0 ? ' class="heading"' : cautions.includes(text) ? ' class="caution"' : '';
  return `<text${name} x="${margin}" y="${y}">${escapeXml(text)}</text>`;
}

function nodeGroup(box: PlacedBox, node: PictureNode | undefined): string {
  if (node === undefined) return '';
  const names = [node.shape, node.tone, ...(node.isSubject ? ['subject'] : [])].join(' ');
  const text = node.lines.map((line, at) => {
    const y = round(box.y + padding + at * lineHeight + 12);
    return `<text${at === 0 ? ' class="title"' : ''} x="${round(box.x + padding)}" y="${y}">${escapeXml(line)}</text>`;
  });
  return `<g class="${names}"><title>${escapeXml(node.lines.join('\n'))}</title>${outline(box, node)}${text.join('')}</g>`;
}

/** Runs are round, decisions are cut at the corners, models have a double edge: shapes tell without colours. */
function outline({ x, y, width, height }: PlacedBox, { shape }: PictureNode): string {
  const at = `x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"`;
  if (shape === 'run') return `<rect class="shape" ${at} rx="16"/>`;
  if (shape === 'decision') {
    const [right, bottom, cut] = [x + width, y + height, 10];
    const corners = [
      [x + cut, y],
      [right - cut, y],
      [right, y + cut],
      [right, bottom - cut],
      [right - cut, bottom],
      [x + cut, bottom],
      [x, bottom - cut],
      [x, y + cut],
    ];
    return `<path class="shape" d="M${corners.map(([a = 0, b = 0]) => `${round(a)} ${round(b)}`).join('L')}z"/>`;
  }
  const inner = `x="${round(x + 4)}" y="${round(y + 4)}" width="${round(width - 8)}" height="${round(height - 8)}"`;
  const second = shape === 'model' ? `<rect class="inner" ${inner}/>` : '';
  return `<rect class="shape" ${at} rx="${shape === 'data' ? 6 : 0}"/>${second}`;
}

function arrowPath({ points, isBackward }: RoutedArrow, layout: Layout): string {
  const way = isBackward ? aroundBelow(points, layout.height) : throughBends(points);
  return `<path class="arrow${isBackward ? ' back' : ''}" d="${way}" marker-end="url(#head)"/>`;
}

/** From point to point in curves that leave and arrive level. */
function throughBends(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let from = first;
  const curves = rest.map((to) => {
    const middle = round((from.x + to.x) / 2);
    const curve = `C${middle} ${round(from.y)} ${middle} ${round(to.y)} ${round(to.x)} ${round(to.y)}`;
    from = to;
    return curve;
  });
  return `M${round(first.x)} ${round(first.y)}${curves.join('')}`;
}

/** What closes a circle goes back below everything. */
function aroundBelow(points: readonly Point[], bottom: number): string {
  const [from, to] = [points[0] ?? { x: 0, y: 0 }, points.at(-1) ?? { x: 0, y: 0 }];
  const low = round(bottom + backLane);
  return `M${round(from.x)} ${round(from.y)}C${round(from.x + 40)} ${low} ${round(to.x - 40)} ${low} ${round(to.x)} ${round(to.y)}`;
}

const backLane = 40;
const backRoom = ({ arrows }: Layout): number => (arrows.some(({ isBackward }) => isBackward) ? backLane : 0);

/** Longer pictures are for eyes, or for `--json`. */
const mostDescribed = 60;

/** What the arrows say, in words. */
function description({ summary, cautions, nodes, arrows }: LineagePicture): string {
  const titles = new Map(nodes.map(({ id, lines }) => [id, lines[0] ?? '']));
  const told = arrows
    .slice(0, mostDescribed)
    .map(({ from, to }) => `${titles.get(from) ?? ''} to ${titles.get(to) ?? ''}`);
  const more = arrows.length > told.length ? [`and ${arrows.length - told.length} more`] : [];
  return [`${summary}.`, ...cautions.map((caution) => `${caution}.`), [...told, ...more].join('; ')].join(' ');
}

const round = (value: number): number => Math.round(value * 10) / 10;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for XML 1.0: what its Char production leaves out (section 2.2) is taken out. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll(/[&<>"']/g, (letter) => entities[letter] ?? '');
}
