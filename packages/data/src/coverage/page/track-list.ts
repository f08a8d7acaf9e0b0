import { html, type Markup } from '../../profile/page/markup.ts';
import { shortened } from '../../profile/page/number-text.ts';

/** A bar on a track that has a mark: how much there is, and how much there has to be. */
export interface Track {
  readonly name: string;
  /** Parts of the track, 0 to 1; a bar that goes beyond its end is 1. */
  readonly bar: number;
  readonly mark?: number;
  readonly isShort: boolean;
  readonly goesOn?: boolean;
  readonly value: string;
  readonly of?: string;
  readonly note?: string;
}

/** One bar below the other. */
export function trackList(tracks: readonly Track[], label: string): Markup {
  return html`<ul class="tracks" aria-label="${label}">${tracks.map(line)}</ul>`;
}

function line({ name, bar, mark, isShort, goesOn, value, of, note }: Track): Markup {
  const kind = `${isShort ? ' short' : ''}${goesOn === true ? ' on' : ''}`;
  const line = mark === undefined ? undefined : html`<i style="left:${percent(mark)}"></i>`;
  const shown =
    name.trim() === '' ? html`<em>${name === '' ? 'empty' : 'blank'}</em>` : html`<bdi>${shortened(name, 70)}</bdi>`;
  const least = of === undefined ? undefined : html` <small>${of}</small>`;
  const more = note === undefined || note === '' ? undefined : html`<small class="more">${note}</small>`;
  return html`<li class="track${kind}"><span class="what">${shown}</span><span class="way"><b style="width:${percent(bar)}"></b>${line}</span><span class="much"><strong>${value}</strong>${least}</span>${more}</li>`;
}

const percent = (part: number): string => `${(100 * Math.max(0, Math.min(1, part))).toFixed(1)}%`;
