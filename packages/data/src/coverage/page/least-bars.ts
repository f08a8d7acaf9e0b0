import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText } from '../../profile/page/number-text.ts';
import type { LeastBar, PictureOf } from '../pictures.ts';
import { type Track, trackList } from './track-list.ts';

/** A track is so many minima long. */
const minima = 3;

/** Every slice with the rows that it has, against those that it has to have. */
export function sliceBars({ bars, more }: PictureOf<'slices'>): Markup {
  const rest = more > 0 ? html`<p class="note">${numberText(more)} more slices stand in the report.</p>` : undefined;
  const tracks = bars.map((bar) => ({
    ...track(bar),
    ...(bar.of === undefined ? {} : { note: `the smallest of ${numberText(bar.of)} combinations` }),
  }));
  return html`<section id="slices"><h2>Slices</h2><p class="note">Rows of each slice. The line on a track is its minimum; a track ends at ${minima} times that.</p>${trackList(tracks, 'Rows of each slice and its minimum')}${rest}</section>`;
}

/** Rows of each value of one column. */
export function valueBars({ slice, bars, more }: PictureOf<'values'>): Markup {
  const rest = more > 0 ? html`<p class="note">and ${numberText(more)} values with fewer rows</p>` : undefined;
  return html`<section class="slice whole"><h3><bdi>${slice}</bdi></h3>${trackList(bars.map(track), `Rows of ${slice}`)}${rest}</section>`;
}

function track({ name, rows, least }: LeastBar): Track {
  const share = least === 0 ? 1 : rows / least / minima;
  return {
    ...{ name, bar: share, isShort: rows < least, goesOn: share > 1 },
    ...{ value: numberText(rows), of: `of ${numberText(least)}` },
    ...(least === 0 ? {} : { mark: 1 / minima }),
  };
}
