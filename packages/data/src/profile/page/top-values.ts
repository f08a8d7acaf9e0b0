import type { ColumnProfile } from '../column-profile.ts';
import { html, type Markup } from './markup.ts';
import { numberText, shareText, shortened } from './number-text.ts';

/** The most frequent values as bars, and what is left beside them. */
export function topValuesPicture({ top, present, distinct, name }: ColumnProfile): Markup | undefined {
  if (top === undefined || top.values.length === 0) return undefined;
  const most = top.values[0]?.count ?? 1;
  const rows = top.values.map(({ value, count }) => row(shownValue(value), count, present, (100 * count) / most));
  const listed = top.values.reduce((sum, { count }) => sum + count, 0);
  const others = (distinct?.count ?? 0) - top.values.length;
  const rest =
    others > 0 && listed < present
      ? row(html`<i>${numberText(others)} others</i>`, present - listed, present, undefined)
      : undefined;
  const about = top.isExact
    ? undefined
    : html`<caption>at least so often: the parts have too many values to be sure</caption>`;
  return html`<table class="top" aria-label="Most frequent values of ${shortened(name, 80)}">${about}<tbody>${rows}${rest}</tbody></table>`;
}

/** Blanks at either end are values too. */
function shownValue(value: string): Markup {
  if (value === '') return html`<i>empty</i>`;
  const visible = value.replace(/^ +| +$/g, (blanks) => '␣'.repeat(blanks.length));
  return html`<bdi title="${visible.length > 32 ? visible : ''}">${shortened(visible, 32)}</bdi>`;
}

function row(value: Markup, count: number, present: number, width: number | undefined): Markup {
  const bar = width === undefined ? html`` : html`<b style="width:${width.toFixed(1)}%"></b>`;
  return html`<tr><td>${value}</td><td class="bar">${bar}</td><td class="number">${numberText(count)}</td><td class="number">${shareText(count, present)}</td></tr>`;
}
