import { momentText } from '../profile/column-profile.ts';
import { html, type Markup } from '../profile/page/markup.ts';
import { numberText, shortened } from '../profile/page/number-text.ts';
import type { Moments } from './column-drift.ts';
import type { Kind } from './column-pairs.ts';
import type { Bar } from './figures.ts';

const [width, height, top, bottom, line] = [440, 170, 16, 20, 24] as const;
/** Where bars of categories begin. */
const left = 142;
/** Of a page that has no style of its own. */
const colours = { reference: '#9aa7b4', current: '#d9822b' } as const;

/**
 * A picture of how a column changed, as SVG: of numbers two histograms over each other, of categories bars in pairs, both as shares of
 * the values; grey is the reference. Nothing where there is no picture. A page colours `.reference` and `.current` as it likes.
 */
export function driftFigure(name: string, kind: Kind, bars: readonly Bar[], moments?: Moments): Markup | undefined {
  if (bars.length === 0) return undefined;
  return kind === 'numeric' ? histograms(name, bars, placed(moments)) : inPairs(name, bars);
}

/** A place on the axis, as text. */
type Place = (value: number) => string;

function placed(moments: Moments | undefined): Place {
  if (moments === undefined) return (value) => numberText(Number(value.toPrecision(5)));
  return (seconds) => momentText(Math.round(seconds), moments).replace('T', ' ').slice(0, 16);
}

const round = (value: number): number => Math.round(value * 10) / 10;

const mostOf = (bars: readonly Bar[]): number =>
  bars.reduce((most, { current, reference }) => Math.max(most, current, reference), 1e-9);

function frame(name: string, tall: number, inside: readonly Markup[]): Markup {
  const title = `How ${shortened(name, 60)} is distributed, and how it was`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="drift" viewBox="0 0 ${width} ${tall}" role="img" aria-label="${title}" font-family="system-ui,sans-serif" font-size="12" fill="#5b6875">${inside}</svg>`;
}

function histograms(name: string, bars: readonly Bar[], place: Place): Markup {
  const most = mostOf(bars);
  const wide = width / bars.length;
  const floor = height - bottom;
  const tall = (share: number): number => round((share / most) * (floor - top));
  const rectangles = bars.map(
    ({ reference }, at) =>
      html`<rect class="reference" fill="${colours.reference}" x="${round(at * wide + 0.5)}" y="${round(floor - tall(reference))}" width="${round(wide - 1)}" height="${tall(reference)}"/>`,
  );
  // One line over all bins, so that it is seen before the bars and not instead of them.
  const outline = bars.map(({ current }, at) => `V${round(floor - tall(current))}H${round((at + 1) * wide)}`).join('');
  const titles = bars.map(
    (bar, at) =>
      html`<rect fill="transparent" x="${round(at * wide)}" y="${top}" width="${round(wide)}" height="${floor - top}"><title>${placeOf(bar, place)}: ${percent(bar.current)}, was ${percent(bar.reference)}</title></rect>`,
  );
  return frame(name, height, [
    html`<text x="0" y="11">${percent(most)}</text><path class="axis" stroke="#dde3e9" d="M0 ${top}H${width}M0 ${floor + 0.5}H${width}"/>`,
    ...rectangles,
    html`<path class="current" fill="${colours.current}" fill-opacity="0.3" stroke="${colours.current}" stroke-width="2" stroke-linejoin="round" d="M0 ${floor}${outline}V${floor}"/>`,
    ...titles,
    ...ends(bars, place),
  ]);
}

function ends(bars: readonly Bar[], place: Place): Markup[] {
  const [first, last] = [bars[0]?.from, bars.at(-1)?.to];
  if (first === undefined || last === undefined) return [];
  const y = height - 5;
  return [
    html`<text x="0" y="${y}">${place(first)}</text><text x="${width / 2}" y="${y}" text-anchor="middle">${place((first + last) / 2)}</text><text x="${width}" y="${y}" text-anchor="end">${place(last)}</text>`,
  ];
}

const placeOf = ({ from, to, label }: Bar, place: Place): string =>
  from === undefined || to === undefined ? label : `${place(from)} to ${place(to)}`;

function inPairs(name: string, bars: readonly Bar[]): Markup {
  const most = mostOf(bars);
  const full = width - left - 62;
  const rows = bars.flatMap((bar, at) => {
    const y = 2 + at * line;
    const size = (share: number): number => round((share / most) * full);
    const end = left + 6 + Math.max(size(bar.current), size(bar.reference));
    return [
      html`<text x="${left - 8}" y="${y + 14}" text-anchor="end">${shortened(bar.label, 20)}</text>`,
      html`<rect class="reference" fill="${colours.reference}" x="${left}" y="${y + 1}" width="${size(bar.reference)}" height="8"/>`,
      html`<rect class="current" fill="${colours.current}" x="${left}" y="${y + 10}" width="${size(bar.current)}" height="8"/>`,
      html`<text x="${end}" y="${y + 14}">${percent(bar.current)}<title>${bar.label}: ${percent(bar.current)}, was ${percent(bar.reference)}</title></text>`,
    ];
  });
  return frame(name, bars.length * line + 4, rows);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
