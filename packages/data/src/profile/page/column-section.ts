import { type ColumnProfile, momentText } from '../column-profile.ts';
import { histogramPicture, sparkline } from './histogram-picture.ts';
import { html, type Markup } from './markup.ts';
import { numberText, shareText, shortened } from './number-text.ts';
import { topValuesPicture } from './top-values.ts';

/** Everything about one column, under a line that says the most important of it. */
export function columnSection(column: ColumnProfile, at: number, rows: number, isOpen: boolean): Markup {
  const { name, type, semantic, missing, distinct } = column;
  const meaning =
    semantic === undefined || semantic.type === type
      ? undefined
      : html`<span class="chip meaning" title="${semantic.rule}, ${shareText(semantic.share, 1)} of the values">${semantic.type}</span>`;
  const gone = missing === 0 ? undefined : html`<span class="gone">${shareText(missing, rows)} missing</span>`;
  const different =
    distinct === undefined
      ? undefined
      : html`<span>${distinct.isExact ? '' : '≈ '}${numberText(distinct.count)} different</span>`;
  return html`<details class="column" id="c${at}"${new Open(isOpen).markup}><summary><span class="name">${shown(name)}</span><span class="chip">${type}</span>${meaning}<span class="facts">${gone}${different}</span>${small(column)}</summary><div class="body"><div class="pictures">${pictures(column)}</div><div class="tables">${facts(column, rows)}${measures(column)}</div></div></details>`;
}

class Open {
  readonly markup: Markup;
  constructor(isOpen: boolean) {
    this.markup = isOpen ? html` open` : html``;
  }
}

/** A column's name; one without letters is still something to click on. */
const shown = (name: string): Markup =>
  name.trim() === '' ? html`<i>no name</i>` : html`<bdi>${shortened(name, 80)}</bdi>`;

function small({ numbers, times, top }: ColumnProfile): Markup | undefined {
  const counts = numbers?.histogram?.counts ?? times?.histogram?.counts ?? top?.values.map(({ count }) => count);
  return counts === undefined || counts.length === 0 ? undefined : sparkline(counts);
}

function pictures(column: ColumnProfile): Markup {
  const isFew = (column.distinct?.count ?? 0) <= 12;
  const parts = [
    numbersPicture(column),
    timesPicture(column),
    ...(column.numbers === undefined || isFew ? [topValuesPicture(column)] : []),
    ...(isFew || column.semantic?.type === 'category' ? [] : [lengthsPicture(column)]),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? html`<p class="note">There is nothing to draw.</p>` : html`${parts}`;
}

const distribution = (name: string): string => `How the values of ${shortened(name, 80)} are distributed`;

function numbersPicture({ name, type, numbers }: ColumnProfile): Markup | undefined {
  if (numbers?.histogram === undefined) return undefined;
  const { quantiles = [], greatest } = numbers;
  const [low, middle, high] = [0.25, 0.5, 0.75].map(
    (wanted) => quantiles.find(({ probability }) => probability === wanted)?.value,
  );
  const isKnown = low !== undefined && middle !== undefined && high !== undefined;
  return histogramPicture(numbers.histogram, {
    ...{ label: distribution(name), place: numberText, isWhole: type === 'integer' },
    ...(greatest === undefined ? {} : { greatest }),
    ...(isKnown ? { quartiles: [low, middle, high] } : {}),
  });
}

function timesPicture({ name, type, times }: ColumnProfile): Markup | undefined {
  if (times?.histogram === undefined) return undefined;
  const place = (seconds: number): string => momentText(seconds, type).replace('T', ' ').slice(0, 19);
  return histogramPicture(times.histogram, { label: distribution(name), place });
}

function lengthsPicture({ name, lengths }: ColumnProfile): Markup | undefined {
  if (lengths?.histogram === undefined) return undefined;
  const label = `Lengths of ${shortened(name, 80)}`;
  const bars = histogramPicture(lengths.histogram, {
    label,
    place: numberText,
    isWhole: true,
    greatest: lengths.greatest,
  });
  return html`<figure>${bars}<figcaption>length in characters</figcaption></figure>`;
}

function facts(
  { present, missing, distinct, mostFrequent, lengths, times, semantic, native, entropy, top }: ColumnProfile,
  rows: number,
): Markup {
  const error = distinct?.isExact === false ? ` ± ${shareText(distinct.error, 1)}` : '';
  return table([
    ['rows with a value', `${numberText(present)} (${shareText(present, rows)})`],
    ['missing', missing === 0 ? 'none' : `${numberText(missing)} (${shareText(missing, rows)})`],
    ['different values', distinct === undefined ? undefined : `${numberText(distinct.count)}${error}`],
    ['most frequent value', mostFrequent === undefined ? undefined : mode(top, mostFrequent)],
    ['entropy', entropy === undefined ? undefined : `${numberText(entropy)} bits`],
    ['earliest', times?.least],
    ['latest', times?.greatest],
    [
      'length',
      lengths === undefined
        ? undefined
        : `${numberText(lengths.least)} to ${numberText(lengths.greatest)}, median ${numberText(lengths.median)}`,
    ],
    ['taken for', semantic === undefined ? undefined : `${semantic.type} (${semantic.rule})`],
    ['called', native === 'VARCHAR' ? undefined : shortened(native, 60)],
  ]);
}

/** The most frequent value with its share; of values that are there once each, the share alone. */
function mode(top: ColumnProfile['top'], share: number): string {
  const [first, second] = top?.values ?? [];
  const isAlone = first !== undefined && first.count > (second?.count ?? 0);
  return isAlone ? `${shortened(first.value, 24)} (${shareText(share, 1)})` : shareText(share, 1);
}

/** The quantiles that are shown; the profile has more. */
const shownQuantiles: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];

function measures({ numbers, present }: ColumnProfile): Markup | undefined {
  if (numbers === undefined) return undefined;
  const { quantiles = [], mean, deviation, skewness, kurtosis, zeros, negatives, infinite, least, greatest } = numbers;
  const of = (value: number | undefined): string | undefined => (value === undefined ? undefined : numberText(value));
  const some = (count: number): string | undefined =>
    count === 0 ? undefined : `${numberText(count)} (${shareText(count, present)})`;
  return html`${table([
    ['least', of(least)],
    ...quantiles
      .filter(({ probability }) => shownQuantiles.includes(probability))
      .map(
        ({ probability, value }): Row => [
          probability === 0.5 ? 'median' : `${Math.round(probability * 100)} % below`,
          of(value),
        ],
      ),
    ['greatest', of(greatest)],
  ])}${table([
    ['mean', of(mean)],
    ['standard deviation', of(deviation)],
    ['skewness', of(skewness)],
    ['excess kurtosis', of(kurtosis)],
    ['zero', some(zeros)],
    ['below zero', some(negatives)],
    ['infinite', some(infinite)],
  ])}`;
}

type Row = readonly [string, string | undefined];

function table(rows: readonly Row[]): Markup {
  const lines = rows.flatMap(([name, value]) =>
    value === undefined ? [] : [html`<tr><th scope="row">${name}</th><td>${value}</td></tr>`],
  );
  return html`<table class="plain"><tbody>${lines}</tbody></table>`;
}
