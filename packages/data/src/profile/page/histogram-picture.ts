import type { ColumnProfile } from '../column-profile.ts';
import { html, type Markup } from './markup.ts';
import { numberText } from './number-text.ts';

type Histogram = NonNullable<NonNullable<ColumnProfile['numbers']>['histogram']>;

const [width, height] = [360, 120];
/** Above the bars, for the largest count; below them, for the axis. */
const [above, below] = [14, 18];

/** What else stands in the picture. */
export interface HistogramNotes {
  readonly label: string;
  /** The text of a place on the axis. */
  readonly place: (value: number) => string;
  /** Whether a bar holds whole numbers only, so that it is named by its first and its last one. */
  readonly isWhole?: boolean;
  /** The largest value, where the last bar goes on beyond it. */
  readonly greatest?: number;
  /** 25 %, 50 % and 75 % of the values lie below. */
  readonly quartiles?: readonly [number, number, number];
}

/** Bars over an axis, with the middle half of the values and the median below them. */
export function histogramPicture({ from, step, counts }: Histogram, notes: HistogramNotes): Markup {
  const most = Math.max(1, ...counts);
  const bar = width / counts.length;
  const full = height - above - below;
  const bars = counts.flatMap((count, at) => {
    if (count === 0) return [];
    const size = Math.max(1, (count / most) * full);
    const [x, y] = [round(at * bar + 0.5), round(above + full - size)];
    return [
      html`<rect x="${x}" y="${y}" width="${round(Math.max(1, bar - 1))}" height="${round(size)}"><title>${title(at)}: ${numberText(count)}</title></rect>`,
    ];
  });
  const end = from + step * counts.length;
  function title(at: number): string {
    const [first, next] = [from + at * step, from + (at + 1) * step];
    if (notes.isWhole !== true || !Number.isInteger(step)) return `${notes.place(first)} to ${notes.place(next)}`;
    return step === 1 ? notes.place(first) : `${notes.place(first)} to ${notes.place(next - 1)}`;
  }
  return html`<svg class="histogram" viewBox="0 0 ${width} ${height}" role="img" aria-label="${notes.label}"><text x="0" y="10">${numberText(most)}</text><path class="axis" d="M0 ${above + full + 0.5}H${width}M0 ${above}H${width}"/><g class="bars">${bars}</g>${quartiles(notes, from, end)}<text x="0" y="${height - 2}">${notes.place(from)}</text><text x="${width}" y="${height - 2}" text-anchor="end">${notes.place(notes.greatest ?? end)}</text></svg>`;
}

function quartiles(
  { quartiles: three, isWhole, place }: HistogramNotes,
  from: number,
  end: number,
): Markup | undefined {
  if (three === undefined || !(end > from)) return undefined;
  // A whole number is the middle of its bar.
  const at = (value: number): number => round(((value + (isWhole === true ? 0.5 : 0) - from) / (end - from)) * width);
  const [low, middle, high] = three.map(at) as [number, number, number];
  const y = height - below + 4;
  return html`<g class="quartiles"><title>half of the values: ${place(three[0])} to ${place(three[2])}, median ${place(three[1])}</title><rect x="${low}" y="${y - 1.5}" width="${Math.max(1, round(high - low))}" height="3"/><circle cx="${middle}" cy="${y}" r="3.5"/></g>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** A histogram as small as a word, for a line of a list. */
export function sparkline(counts: readonly number[]): Markup {
  const most = Math.max(1, ...counts);
  const step = 80 / Math.max(1, counts.length);
  const path = counts.map(
    (count, at) => `M${round((at + 0.5) * step)} 20v-${round(count === 0 ? 0 : Math.max(1, (count / most) * 19))}`,
  );
  return html`<svg class="sparkline" viewBox="0 0 80 20" aria-hidden="true"><path stroke-width="${round(Math.max(1, step - 0.6))}" d="${path.join('')}"/></svg>`;
}
