import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText, shortened } from '../../profile/page/number-text.ts';
import { driftFigure } from '../drift-figure.ts';
import type { DriftPictures } from './drift-report.ts';

/** A picture for each column that drifted: what it was, and over it what it is. */
export function columnPictures({ columns, lines }: DriftPictures): Markup | undefined {
  const drifted = new Set(
    lines.flatMap(({ standing, column }) => (standing === 'drifted' && column !== undefined ? [column] : [])),
  );
  if (drifted.size === 0) return undefined;
  const figures = columns.flatMap(({ column, kind, moments, bars }, at) => {
    const picture = driftFigure(column, kind, bars, moments);
    if (picture === undefined) return [];
    const name = column.trim() === '' ? html`<i>no name</i>` : html`<bdi>${shortened(column, 60)}</bdi>`;
    return [html`<figure id="d${at}"><figcaption>${name}</figcaption>${picture}</figure>`];
  });
  const missing = drifted.size - figures.length;
  const more =
    missing > 0
      ? html`<p class="note">Of ${numberText(missing)} more ${missing === 1 ? 'column' : 'columns'} there is no picture: a report holds 31, and of what has too many values, or the same one everywhere, there is nothing to draw.</p>`
      : undefined;
  return html`<section id="pictures"><h2>How they changed</h2><p class="legend"><span class="key reference"></span>reference<span class="key current"></span>this table<span class="note">shares of the values</span></p><div class="figures">${figures}</div>${more}</section>`;
}
