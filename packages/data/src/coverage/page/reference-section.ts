import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText } from '../../profile/page/number-text.ts';
import type { DistanceBar, PictureOf } from '../pictures.ts';
import { trackList } from './track-list.ts';

const [width, height, above, below] = [420, 170, 24, 28] as const;
const full = height - above - below;

/** How much of each column of the reference there is. */
export function coveredBars({ least, bars, more }: PictureOf<'covered'>): Markup {
  const some = bars.filter(({ without }) => without > 0);
  const whole = bars.filter(({ without }) => without === 0).map(({ column }) => column);
  const tracks = some.map(({ column, covered, groups, without, absent }) => ({
    ...{ name: column, bar: covered, mark: least, isShort: covered < least, value: percentText(covered) },
    note: `${without} of ${groups} without a row${absent === '' ? '' : `: ${absent}${without > 8 ? ' …' : ''}`}`,
  }));
  const named = whole.slice(0, 24).join(', ');
  const others = whole.length + more - Math.min(24, whole.length);
  const rest =
    whole.length === 0
      ? undefined
      : html`<p class="note">Covered whole: ${named}${others > 0 ? `, and ${numberText(others)} more` : ''}.</p>`;
  return html`<section id="covered"><h2>What there is of the reference</h2><p class="note">The part of the reference’s values that lie in categories, or in bins between its deciles, of which the table has rows. The line is the minimum, ${percentText(least)}.</p>${some.length === 0 ? undefined : trackList(tracks, 'Covered part of each column')}${rest}</section>`;
}

/** How far the rows are from the nearest row of the reference, over what is usual among its own rows. */
export function distancePicture({ bars, medians }: PictureOf<'distances'>, auc?: number): Markup {
  const end = bars.at(-1)?.to ?? 1;
  const most = bars.reduce((largest, { table, usual }) => Math.max(largest, table, usual), 1e-9);
  const line = (of: 'table' | 'usual'): Markup => {
    const x = round((medians[of] / end) * width);
    return html`<path class="${of} middle" d="M${x} ${above}V${above + full}"><title>median: ${numberText(medians[of])}</title></path>`;
  };
  const told =
    auc === undefined
      ? undefined
      : html` A classifier tells rows of the two tables apart with an AUC of ${auc.toFixed(3)}; 0.5 is guessing.`;
  return html`<section id="distances"><h2>Distance to the reference</h2><p class="note">From each row to the nearest row of the reference: 0 is the same, 1 is different in every column. <span class="key table"></span> rows of the table, median ${short(medians.table)}; <span class="key usual"></span> rows of the reference among each other, ${short(medians.usual)}.${told}</p><svg class="distances" viewBox="0 0 ${width} ${height}" role="img" aria-label="Distances to the nearest row of the reference">${steps(bars, 'usual', most)}${steps(bars, 'table', most)}${line('usual')}${line('table')}<path class="axis" d="M0 ${above + full + 0.5}H${width}"/><text x="0" y="12">${percentText(most)} of the rows</text>${ticks(end)}</svg></section>`;
}

function steps(bars: readonly DistanceBar[], of: 'table' | 'usual', most: number): Markup {
  const step = width / bars.length;
  const floor = above + full;
  const path = bars.map((bar, at) => `V${round(floor - (bar[of] / most) * full)}H${round((at + 1) * step)}`);
  return html`<path class="${of}" d="M0 ${floor}${path.join('')}V${floor}Z"/>`;
}

function ticks(end: number): readonly Markup[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    return html`<text x="${round(part * width)}" y="${height - 12}" text-anchor="${anchor}">${numberText(Number((part * end).toPrecision(2)))}</text>`;
  });
}

/** Never all unless it is so. */
export const percentText = (share: number): string => `${(Math.floor(share * 1000) / 10).toFixed(1)} %`;

const short = (value: number): string => numberText(Number(value.toPrecision(3)));
const round = (value: number): number => Math.round(value * 10) / 10;
