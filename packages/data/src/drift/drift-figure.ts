import { html, type Markup } from '../profile/page/markup.ts';
import { numberText, shortened } from '../profile/page/number-text.ts';
import type { ColumnDrift } from './column-drift.ts';
import { type Bar, barsOf } from './figures.ts';

const [width, height, top, bottom, line] = [480, 180, 24, 20, 18] as const;
const colours = { reference: '#8a97a5', current: '#d9822b' } as const;

/**
 * A picture of how a column changed, as SVG that stands by itself: of numbers two histograms over each other, of categories bars side by
 * side, both as shares of the values; grey is the reference. Nothing ('') where there is no picture.
 *
 * @param isShown whether values (edges, categories) may be written beside it; else bars are numbered
 */
export function driftFigure(column: ColumnDrift, isShown = true): string {
  const bars = barsOf(column, isShown);
  if (bars.length === 0) return '';
  return (column.kind === 'numeric' ? histograms(column.name, bars) : sideBySide(column.name, bars)).text;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const mostOf = (bars: readonly Bar[]): number =>
  bars.reduce((most, { current, reference }) => Math.max(most, current, reference), 1e-9);

function frame(name: string, tall: number, inside: readonly Markup[]): Markup {
  const title = `Drift of ${shortened(name, 60)}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" role="img" aria-label="${title}" font-family="system-ui,sans-serif" font-size="11" fill="#5b6875"><text x="0" y="13" font-weight="600">${shortened(name, 40)}</text><rect x="${width - 150}" y="4" width="10" height="10" fill="${colours.reference}"/><text x="${width - 136}" y="13">reference</text><rect x="${width - 70}" y="4" width="10" height="10" fill="${colours.current}"/><text x="${width - 56}" y="13">current</text>${inside}</svg>`;
}

function histograms(name: string, bars: readonly Bar[]): Markup {
  const most = mostOf(bars);
  const wide = width / bars.length;
  const floor = height - bottom;
  const full = floor - top;
  const shapes = bars.flatMap((bar, at) =>
    (['reference', 'current'] as const).map((table) => {
      const size = (bar[table] / most) * full;
      return html`<rect x="${round(at * wide + 0.5)}" y="${round(floor - size)}" width="${round(wide - 1)}" height="${round(size)}" fill="${colours[table]}" fill-opacity="0.6"><title>${placeOf(bar)}: ${table} ${percent(bar[table])}</title></rect>`;
    }),
  );
  const [first, last] = [bars[0]?.from, bars.at(-1)?.to];
  const ends =
    first === undefined || last === undefined
      ? []
      : [
          html`<text x="0" y="${height - 6}">${numberText(first)}</text>`,
          html`<text x="${width}" y="${height - 6}" text-anchor="end">${numberText(last)}</text>`,
        ];
  return frame(name, height, [...shapes, html`<path d="M0 ${floor + 0.5}H${width}" stroke="#dde3e9"/>`, ...ends]);
}

const placeOf = ({ from, to, label }: Bar): string =>
  from === undefined || to === undefined ? label : `${numberText(from)} to ${numberText(to)}`;

function sideBySide(name: string, bars: readonly Bar[]): Markup {
  const [most, left] = [mostOf(bars), 150];
  const full = width - left - 50;
  const rows = bars.flatMap((bar, at) => {
    const y = top + at * (line + 6);
    const size = (share: number): number => round((share / most) * full);
    return [
      html`<text x="${left - 8}" y="${y + 13}" text-anchor="end">${shortened(bar.label, 22)}</text>`,
      ...(['reference', 'current'] as const).map(
        (table, index) =>
          html`<rect x="${left}" y="${y + (index * line) / 2}" width="${size(bar[table])}" height="${line / 2 - 1}" fill="${colours[table]}"><title>${bar.label}: ${table} ${percent(bar[table])}</title></rect>`,
      ),
      html`<text x="${left + 6 + Math.max(size(bar.current), size(bar.reference))}" y="${y + 13}">${percent(bar.current)}</text>`,
    ];
  });
  return frame(name, top + bars.length * (line + 6) + 4, rows);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
