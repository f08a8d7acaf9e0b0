import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { ProfileAbout } from '../../profile/about.ts';
import { html, Markup } from '../../profile/page/markup.ts';
import { shortened } from '../../profile/page/number-text.ts';
import { columnsTable } from './columns-table.ts';
import { driftOrigin } from './drift-origin.ts';
import { picturesOf } from './drift-report.ts';
import { driftStyle } from './drift-style.ts';
import { overview, remarks } from './overview.ts';
import { columnPictures } from './pictures.ts';

/**
 * A report of `data.drift` as one page of HTML: no script, nothing from elsewhere, light and dark, and whatever stands in the data is
 * text. Nothing where the check found out nothing.
 *
 * @example
 * ```ts
 * import { driftPage } from '@holdfast/data';
 * import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
 *
 * const pageOf = (report: CheckPredicate): string | undefined => driftPage(report, { name: 'applicants' });
 * ```
 */
export function driftPage(report: CheckPredicate, about: ProfileAbout): string | undefined {
  const pictures = picturesOf(report);
  if (pictures === undefined) return undefined;
  const body = html`${overview(report, pictures, about)}${remarks(report)}${columnsTable(pictures)}${columnPictures(pictures)}${driftOrigin(report, about)}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><meta name="referrer" content="no-referrer"><title>${shortened(about.name, 80)}: drift</title><style>${new Markup(driftStyle)}</style></head><body>${body}</body></html>
`.text;
}
