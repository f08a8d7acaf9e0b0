import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText, shortened } from '../../profile/page/number-text.ts';
import type { CombinationCell, PictureOf } from '../pictures.ts';

const [wide, high, left] = [52, 27, 136] as const;

interface Axes {
  readonly down: readonly string[];
  readonly across: readonly string[];
  readonly isTurned: boolean;
}

/** A square for each combination of two values: red where there are too few rows, the darker the fewer. */
export function combinationMap(picture: PictureOf<'combinations'>): Markup {
  const { slice, columns, least, bars, more } = picture;
  const axes = axesOf(bars);
  const [down, across] = axes.isTurned ? [columns[1], columns[0]] : columns;
  const rest =
    more > 0 ? html`<p class="note">and ${numberText(more)} combinations of values with fewer rows</p>` : undefined;
  return html`<section class="slice"><h3><bdi>${slice}</bdi></h3><p class="note"><bdi>${down}</bdi> down, <bdi>${across}</bdi> across; <span class="key few"></span> fewer than ${numberText(least)} rows, <span class="key enough"></span> enough</p><div class="scroll" tabindex="0" role="group" aria-label="Rows of ${slice}">${squares(picture, axes)}</div>${rest}</section>`;
}

/** More values go down than across, so that it fits on a narrow screen. */
function axesOf(bars: readonly CombinationCell[]): Axes {
  const [ys, xs] = [[...new Set(bars.map(({ y }) => y))], [...new Set(bars.map(({ x }) => x))]];
  return xs.length > ys.length ? { down: xs, across: ys, isTurned: true } : { down: ys, across: xs, isTurned: false };
}

function squares({ bars, least }: PictureOf<'combinations'>, { down, across, isTurned }: Axes): Markup {
  const most = bars.reduce((largest, { rows }) => Math.max(largest, rows), 1);
  const [rowOf, columnOf] = [placesOf(down), placesOf(across)];
  const cells = bars.map((bar) => {
    const [one, other] = isTurned ? [bar.x, bar.y] : [bar.y, bar.x];
    const [x, y] = [left + wide * (columnOf.get(other) ?? 0), high * (rowOf.get(one) ?? 0)];
    return cell(bar.rows, { x, y, least, most, title: `${one}, ${other}` });
  });
  const names = down.map(
    (name, at) => html`<text x="${left - 7}" y="${high * at + 18}" text-anchor="end">${shortened(name, 22)}</text>`,
  );
  const below = across.map(
    (name, at) =>
      html`<text transform="translate(${left + wide * at + 20} ${high * down.length + 12}) rotate(32)">${shortened(name, 22)}</text>`,
  );
  const longest = across.reduce((most, name) => Math.max(most, name.length), 0);
  const [width, height] = [
    left + wide * across.length + 76,
    high * down.length + 24 + Math.ceil(Math.min(22, longest) * 3.7),
  ];
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${down.length} by ${across.length} combinations">${names}${cells}${below}</svg>`;
}

const placesOf = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, at) => [name, at]));

interface Place {
  readonly x: number;
  readonly y: number;
  readonly least: number;
  readonly most: number;
  readonly title: string;
}

function cell(rows: number, { x, y, least, most, title }: Place): Markup {
  const isShort = rows < least;
  const range = Math.log(Math.max(2, most / Math.max(1, least)));
  const enough = 0.1 + 0.4 * Math.min(1, Math.log(Math.max(1, rows / Math.max(1, least))) / range);
  const opacity = isShort ? 0.18 + 0.5 * (1 - rows / least) : enough;
  const kind = `${isShort ? 'few' : 'enough'}${rows === 0 && isShort ? ' none' : ''}`;
  return html`<g class="${kind}"><title>${title}: ${numberText(rows)}</title><rect x="${x}" y="${y}" width="${wide - 2}" height="${high - 2}" rx="2" fill-opacity="${opacity.toFixed(2)}"/><text x="${x + wide / 2 - 1}" y="${y + 17}">${numberText(rows)}</text></g>`;
}
