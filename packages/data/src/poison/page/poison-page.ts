import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import { coverageStyle } from '../../coverage/page/coverage-style.ts';
import { origin, remarks } from '../../coverage/page/summary.ts';
import type { ProfileAbout } from '../../profile/about.ts';
import { html, Markup } from '../../profile/page/markup.ts';
import { numberText, shareText, shortened } from '../../profile/page/number-text.ts';
import { style } from '../../profile/page/style.ts';
import { type Drawing, drawingsIn } from '../pictures/trigger-figures.ts';
import { barsOf } from './bars.ts';
import { poisonStyle } from './poison-style.ts';

/**
 * A report of `data.poison` as one page of HTML: the verdict, what triggers in pictures look like, where suspect rows lie, and all findings
 * in words. No script, nothing from elsewhere, light and dark, and whatever stands in the data is text. Nothing where nothing was found out.
 *
 * @example
 * ```ts
 * import { poisonPage } from '@holdfast/data/poison/page/poison-page';
 * import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
 *
 * export const pageOf = (report: CheckPredicate): string | undefined => poisonPage(report, { name: 'digits' });
 * ```
 */
export function poisonPage(report: CheckPredicate, about: ProfileAbout): string | undefined {
  const { figures = [], metrics } = report;
  if (metrics['rows'] === undefined) return undefined;
  const triggers = figures.flatMap((figure) => {
    const drawings = drawingsIn(figure);
    return drawings === undefined ? [] : [triggerSection(figure.title, drawings)];
  });
  const body = html`${head(report, about)}${triggers}${figures.flatMap((figure) => barsOf(figure) ?? [])}${remarks(report)}${origin(report, about)}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><meta name="referrer" content="no-referrer"><title>${shortened(about.name, 80)}: poison</title><style>${new Markup(`${style}\n${coverageStyle}\n${poisonStyle}`)}</style></head><body>${body}</body></html>
`.text;
}

const verdicts: Readonly<Record<CheckPredicate['verdict'], string>> = {
  pass: 'nothing was found',
  warn: 'something to look at',
  fail: 'somebody may have planted something',
  unknown: 'not known: something could not be looked at',
};

function head({ verdict, metrics, coverage }: CheckPredicate, about: ProfileAbout): Markup {
  const { rows = 0, suspects = 0, triggers = 0, poisoned_share: share = 0 } = metrics;
  const cards = [
    card('looked at', numberText(rows), rows < coverage.total ? `of ${numberText(coverage.total)}` : undefined),
    card(
      'suspect',
      suspects === 0 ? 'none' : numberText(suspects),
      suspects === 0 ? undefined : shareText(suspects, rows),
    ),
    card('triggers', triggers === 0 ? 'none' : numberText(triggers)),
    card('poisoned share', `${(100 * share).toFixed(1)} %`, 'estimated'),
  ];
  const left = coverage.left.slice(0, 20).map((line) => html`<li>${shortened(line, 300)}</li>`);
  const more = coverage.left.length > 20 ? html`<li>and ${numberText(coverage.left.length - 20)} more</li>` : undefined;
  const alert =
    left.length === 0
      ? undefined
      : html`<div class="alert"><strong>Not everything could be looked at.</strong><ul>${left}${more}</ul></div>`;
  return html`<header><h1><bdi>${shortened(about.name, 120)}</bdi></h1><p><span class="verdict ${verdict}">${verdicts[verdict]}</span></p><div class="cards">${cards}</div>${alert}</header>`;
}

const card = (name: string, value: string, more?: string): Markup =>
  html`<div class="card"><span>${name}</span><strong>${value}</strong>${more === undefined ? undefined : html`<small>${more}</small>`}</div>`;

/** The pattern and means first, then pictures that carry it. */
function triggerSection(title: string, drawings: readonly Drawing[]): Markup {
  const pictures = drawings.map(
    ({ what, picture }) =>
      html`<figure><img src="${new Markup(picture)}" alt="${shortened(what, 200)}"><figcaption>${shortened(what, 60)}</figcaption></figure>`,
  );
  const note =
    drawings.length === 1
      ? 'The pixels that belong to the trigger, in their place. Pictures are not shown: the data are not for everybody’s eyes.'
      : 'The pixels that belong to the trigger, on a chequered ground; what accused pictures and the others of the same label are like on average; how these differ, lighter or darker than grey; and some that are accused.';
  return html`<section class="trigger"><h2>${shortened(title.replaceAll('`', ''), 200)}</h2><p class="note">${note}</p><div class="drawings">${pictures}</div></section>`;
}
