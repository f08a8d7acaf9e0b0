import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText, shareText, shortened } from '../../profile/page/number-text.ts';
import type { DriftLine } from '../columns-figure.ts';
import { measures, number } from '../findings.ts';
import type { DriftPictures } from './drift-report.ts';

/** Lines that a page can be looked through with. */
const shown = 500;
/** Changes as large as this many times what was asked for fill the bar. */
const widest = 4;

const standings: Readonly<Record<DriftLine['standing'], string>> = {
  ...{ drifted: 'drifted', small: 'small', tiny: 'tiny', same: 'same', empty: 'no values' },
};

const abouts: Readonly<Record<DriftLine['about'], string | undefined>> = {
  ...{ values: undefined, missing: 'missing values', infinite: 'infinite values', joint: undefined },
};

/** A line for everything that was asked, the largest changes first. */
export function columnsTable({ lines, meta, columns }: DriftPictures): Markup | undefined {
  if (lines.length === 0) return undefined;
  const pictured = new Map(columns.map(({ column }, at) => [column, at]));
  const rows = lines.slice(0, shown).map((line) => row(line, pictured.get(line.column ?? '')));
  const rest = meta.lines - Math.min(lines.length, shown);
  const more = rest > 0 ? html`<p class="note">and ${numberText(rest)} more, in the report</p>` : undefined;
  return html`<section id="columns"><h2>Every column</h2><table class="columns"><thead><tr><th>column</th><th>test</th><th class="number">adjusted p</th><th>change<small> beside what was asked for</small></th><th>verdict</th></tr></thead><tbody>${rows}</tbody></table>${more}<p class="note"><b>drifted</b>: hardly by chance (p ≤ ${numberText(meta.alpha)}), and as large as was asked for; <b>small</b>: half as large; <b>tiny</b>: smaller still, seen because there are many rows; <b>same</b>: it may be chance.</p></section>`;
}

function row(line: DriftLine, picture: number | undefined): Markup {
  const { standing, adjusted } = line;
  const p = adjusted === undefined ? '' : number(adjusted).replace('-', '−');
  return html`<tr class="${standing}"><th scope="row">${nameOf(line, picture)}</th><td class="test">${testOf(line)}</td><td class="number">${p}</td><td class="change">${changeOf(line)}</td><td><span class="standing ${standing}">${standings[standing]}</span></td></tr>`;
}

function nameOf({ column, about }: DriftLine, picture: number | undefined): Markup {
  if (about === 'joint') return html`<i>rows as a whole</i>`;
  const name = column?.trim() === '' ? html`<i>no name</i>` : html`<bdi>${shortened(column ?? '', 60)}</bdi>`;
  const linked = picture === undefined || about !== 'values' ? name : html`<a href="#d${picture}">${name}</a>`;
  const what = abouts[about];
  return what === undefined ? linked : html`${linked} <small>${what}</small>`;
}

function testOf({ test, statistic, now, before }: DriftLine): Markup | undefined {
  if (now !== undefined && before !== undefined)
    return html`${shareText(now, 1)} <small>was ${shareText(before, 1)}</small>`;
  if (test === undefined || statistic === undefined) return undefined;
  return html`${test} <small>${number(statistic).replace('-', '−')}</small>`;
}

function changeOf({ effect, size, least }: DriftLine): Markup | undefined {
  if (effect === undefined || size === undefined || least === undefined) return undefined;
  const width = Math.min(100, Math.max(0, (100 * size) / least / widest));
  // Of an area under the curve, what lies above one half is the size.
  const base = effect === 'auc' ? 0.5 : 0;
  const name = measures[effect as keyof typeof measures];
  const said = `${name} ${number(base + size)}, asked for ${number(base + least)}`;
  return html`<span class="gauge" title="${said}"><b style="width:${width.toFixed(1)}%"></b></span><small>${name} ${number(base + size)}</small>`;
}
