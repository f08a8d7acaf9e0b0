import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText } from '../../profile/page/number-text.ts';
import type { PictureOf, RangeBar } from '../pictures.ts';

const [width, height, above, below, side] = [420, 170, 18, 22, 22] as const;
const full = height - above - below;
/** With more ranges than this there is no room for a number at each. */
const numbered = 12;

/** A bar for each range of a column; where rows are missing, the whole height is marked. */
export function rangePicture({ column, least, bars }: PictureOf<'ranges'>): Markup {
  const most = bars.reduce((largest, { rows }) => Math.max(largest, rows), Math.max(1, least));
  const step = (width - 2 * side) / bars.length;
  const short = bars.filter(({ rows }) => rows < least).length;
  const shapes = bars.map((bar, at) => shape(bar, { at, step, most, least, isNumbered: bars.length <= numbered }));
  const y = round(above + full - (least / most) * full);
  const line =
    least === 0
      ? undefined
      : html`<path class="least" d="M${side} ${y}H${width - side}"><title>minimum: ${numberText(least)}</title></path>`;
  const said =
    short === 0 ? 'all have enough rows' : `${short} of ${bars.length} have fewer than ${numberText(least)} rows`;
  return html`<figure class="range"><h3><bdi>${column}</bdi></h3><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Ranges of ${column}: ${said}">${shapes}<path class="axis" d="M${side} ${above + full + 0.5}H${width - side}"/>${line}${edges(bars, step)}</svg><figcaption>${said}</figcaption></figure>`;
}

interface Place {
  readonly at: number;
  readonly step: number;
  readonly most: number;
  readonly least: number;
  readonly isNumbered: boolean;
}

function shape({ from, to, rows }: RangeBar, { at, step, most, least, isNumbered }: Place): Markup {
  const [x, wide] = [round(side + at * step), round(Math.max(0.5, step - (step > 6 ? 2 : 0.5)))];
  const size = rows === 0 ? 0 : Math.max(1.5, (rows / most) * full);
  const gap =
    rows < least ? html`<rect class="gap" x="${x}" y="${above}" width="${wide}" height="${full}"/>` : undefined;
  const count = isNumbered
    ? html`<text class="count" x="${round(x + wide / 2)}" y="${round(above + full - size - 4)}">${numberText(rows)}</text>`
    : undefined;
  return html`<g class="${rows < least ? 'few' : 'enough'}"><title>${placeText(from, to)}: ${numberText(rows)}</title>${gap}<rect x="${x}" y="${round(above + full - size)}" width="${wide}" height="${round(size)}"/>${count}</g>`;
}

function placeText(from: number | null, to: number | null): string {
  if (from === null) return to === null ? 'all' : `below ${numberText(to)}`;
  return to === null ? `from ${numberText(from)} on` : `${numberText(from)} to ${numberText(to)}`;
}

/** Every edge where there is room, else a few. */
function edges(bars: readonly RangeBar[], step: number): readonly Markup[] {
  const all = [bars[0]?.from ?? null, ...bars.map(({ to }) => to)];
  const every = Math.ceil(bars.length / numbered);
  return all.flatMap((edge, at) => {
    if (at % every !== 0 && at !== all.length - 1) return [];
    if (at !== all.length - 1 && at + every > all.length - 1 && at % every === 0 && every > 1) return [];
    return [
      html`<text class="edge" x="${round(side + at * step)}" y="${height - 8}">${edge === null ? '…' : numberText(edge)}</text>`,
    ];
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;
