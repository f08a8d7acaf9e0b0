import { mostRows } from '../associations/associations.ts';
import type { Profile } from '../profile-of.ts';
import { html, type Markup } from './markup.ts';
import { numberText, shortened } from './number-text.ts';

const cell = 30;
const labels = 130;
/** More columns than this are listed by the strongest pairs instead. */
const most = 24;

const notes = {
  pearson: 'Pearson’s coefficient over the rows that have both values: 1 and −1 are a straight line, 0 is none.',
  spearman:
    'Spearman’s coefficient, Pearson’s of the ranks: 1 and −1 where one only rises or only falls with the other.',
  'cramers-v':
    'Cramér’s V of columns with few values: 0 where they have nothing to do with each other, 1 where one tells the other.',
} as const;

const titles = { pearson: 'Correlations', spearman: 'Correlations of ranks', 'cramers-v': 'Categories' } as const;

/** Which columns go together: a square for each pair, and the strongest pairs in words. */
export function heatMaps({ correlations, associations = [], rows }: Profile): readonly Markup[] {
  const more =
    correlations !== undefined && rows > mostRows
      ? [
          html`<p class="note">Ranks, and categories, are held against each other up to ${numberText(mostRows)} rows.</p>`,
        ]
      : [];
  const maps = [...(correlations === undefined ? [] : [correlations]), ...associations].map(
    ({ method, columns, matrix }) =>
      html`<section id="${method}"><h2>${titles[method]}</h2><p class="note">${notes[method]}</p><div class="pair">${columns.length <= most ? squares(columns, matrix) : undefined}${strongest(columns, matrix)}</div></section>`,
  );
  return [...maps, ...more];
}

type Matrix = readonly (readonly (number | null)[])[];

function squares(columns: readonly string[], matrix: Matrix): Markup {
  const size = labels + cell * columns.length;
  const rows = matrix.map(
    (row, one) =>
      html`<text x="${labels - 6}" y="${cell * one + 19}" text-anchor="end">${shortened(columns[one] ?? '', 20)}</text>${row.slice(0, one + 1).map((r, other) => square(r, one, other, columns))}`,
  );
  const names = columns.map(
    (name, at) =>
      html`<text transform="translate(${labels + cell * at + 19} ${cell * columns.length + 8}) rotate(40)">${shortened(name, 20)}</text>`,
  );
  return html`<svg class="heat" viewBox="0 0 ${size + 90} ${cell * columns.length + 100}" style="max-width:${size + 90}px" role="img" aria-label="Correlations of ${columns.length} columns">${rows}${names}</svg>`;
}

function square(r: number | null, one: number, other: number, columns: readonly string[]): Markup {
  const [x, y] = [labels + cell * other, cell * one];
  const kind = r === null ? 'none' : one === other ? 'same' : r < 0 ? 'below' : 'above';
  const opacity = r === null || one === other ? '' : html` fill-opacity="${Math.abs(r).toFixed(2)}"`;
  const text = r === null ? '–' : r.toFixed(2).replace('0.', '.').replace('-', '−');
  const shown =
    one === other ? undefined : html`<text class="inside" x="${x + cell / 2 - 0.5}" y="${y + 19}">${text}</text>`;
  return html`<g><title>${columns[one]} and ${columns[other]}: ${r === null ? 'none' : r.toFixed(4)}</title><rect class="cell" x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}"/><rect class="${kind}"${opacity} x="${x}" y="${y}" width="${cell - 1}" height="${cell - 1}"/>${shown}</g>`;
}

function strongest(columns: readonly string[], matrix: Matrix): Markup {
  const pairs = matrix.flatMap((row, one) => row.slice(0, one).map((r, other) => ({ one, other, r: r ?? 0 })));
  const top = pairs.sort((a, b) => Math.abs(b.r) - Math.abs(a.r)).slice(0, 8);
  const rows = top.map(
    ({ one, other, r }) =>
      html`<tr><td>${shortened(columns[one] ?? '', 40)}</td><td>${shortened(columns[other] ?? '', 40)}</td><td class="number">${r.toFixed(3).replace('-', '−')}</td></tr>`,
  );
  return html`<table class="plain"><caption>Strongest pairs</caption><tbody>${rows}</tbody></table>`;
}
