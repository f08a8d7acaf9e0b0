import { html, Markup } from '../../profile/page/markup.ts';
import { shortened } from '../../profile/page/number-text.ts';
import { style } from '../../profile/page/style.ts';
import { pictureOf } from '../figures.ts';
import type { Picture } from '../pictures.ts';
import { combinationMap } from './combination-map.ts';
import type { CoverageReport, PageAbout } from './coverage-report.ts';
import { coverageStyle } from './coverage-style.ts';
import { sliceBars, valueBars } from './least-bars.ts';
import { rangePicture } from './range-picture.ts';
import { coveredBars, distancePicture } from './reference-section.ts';
import { origin, remarks, summary } from './summary.ts';

/**
 * A report of `data.coverage` as one page of HTML: bars of slices, ranges and columns against their minima, maps of combinations,
 * distances. No script, nothing from elsewhere, light and dark, and whatever stands in the data is text.
 *
 * @example
 * ```ts
 * import { coveragePage } from '@holdfast/data/coverage/page/coverage-page';
 * import type { CoverageReport } from '@holdfast/data/coverage/page/coverage-report';
 *
 * export const pageOf = (report: CoverageReport): string => coveragePage(report, { name: 'applicants' });
 * ```
 */
export function coveragePage(report: CoverageReport, about: PageAbout): string {
  const { figures = [], metrics } = report;
  const pictures = figures.flatMap((figure) => pictureOf(figure) ?? []);
  const isShown = figures.every(({ specification }) => valuesOf(specification) !== 'hidden');
  const body = html`${summary(report, about, isShown)}${slices(pictures)}${ranges(pictures)}${reference(pictures, metrics['auc'])}${combinations(pictures)}${remarks(report)}${origin(report, about)}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><title>${shortened(about.name, 80)}: coverage</title><style>${new Markup(`${style}\n${coverageStyle}`)}</style></head><body>${body}</body></html>
`.text;
}

const valuesOf = ({ usermeta }: Readonly<Record<string, unknown>>): unknown =>
  (usermeta as { readonly values?: unknown } | undefined)?.values;

const slices = (pictures: readonly Picture[]): readonly Markup[] =>
  pictures.flatMap((picture) => (picture.kind === 'slices' ? [sliceBars(picture)] : []));

function ranges(pictures: readonly Picture[]): Markup | undefined {
  const drawn = pictures.flatMap((picture) => (picture.kind === 'ranges' ? [rangePicture(picture)] : []));
  if (drawn.length === 0) return undefined;
  return html`<section id="ranges"><h2>Ranges</h2><p class="note">Rows in each range; the dashed line is the minimum, and what lacks rows is red over its whole height.</p><div class="ranges">${drawn}</div></section>`;
}

const reference = (pictures: readonly Picture[], auc: number | undefined): readonly Markup[] =>
  pictures.flatMap((picture) => {
    if (picture.kind === 'covered') return [coveredBars(picture)];
    return picture.kind === 'distances' ? [distancePicture(picture, auc)] : [];
  });

function combinations(pictures: readonly Picture[]): Markup | undefined {
  const drawn = pictures.flatMap((picture) => {
    if (picture.kind === 'values') return [valueBars(picture)];
    return picture.kind === 'combinations' ? [combinationMap(picture)] : [];
  });
  return drawn.length === 0
    ? undefined
    : html`<section id="combinations"><h2>Combinations</h2><div class="maps">${drawn}</div></section>`;
}
