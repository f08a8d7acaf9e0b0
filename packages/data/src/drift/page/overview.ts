import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { ProfileAbout } from '../../profile/about.ts';
import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText, shortened } from '../../profile/page/number-text.ts';
import type { DriftPictures } from './drift-report.ts';

const verdicts: Readonly<Record<CheckPredicate['verdict'], string>> = {
  pass: 'Nothing that matters has changed',
  warn: 'Something is worth a look',
  fail: 'The data are not what they were',
  unknown: 'It could not be found out',
};

/** What was held against what, and what came of it, at a glance. */
export function overview(
  { verdict, metrics, inputs = {}, coverage }: CheckPredicate,
  { meta }: DriftPictures,
  { name }: Pick<ProfileAbout, 'name'>,
): Markup {
  const reference = inputs['reference']?.name ?? 'a reference';
  const of = (metric: string): number => metrics[metric] ?? 0;
  const auc = metrics['auc'];
  const cards = [
    card('drifted columns', numberText(of('drifted')), `of ${numberText(of('compared'))} that both have`),
    card('rows', numberText(of('rows')), `${numberText(of('reference_rows'))} in the reference`),
    auc === undefined
      ? undefined
      : card('rows told apart', auc.toFixed(3), `AUC of a classifier; 0.5 is by luck (${ends(metrics)})`),
    card('false alarm', `≤ ${numberText(meta.alpha)}`, `in the whole comparison, p adjusted (${meta.correction})`),
  ].filter((each) => each !== undefined);
  return html`<header><h1><bdi>${shortened(name, 120)}</bdi></h1><p class="against">held against <bdi>${shortened(reference, 120)}</bdi></p><p class="verdict ${verdict}"><strong>${verdict}</strong> ${verdicts[verdict]}</p><div class="cards">${cards}</div>${left(coverage.left)}${hidden(meta.values)}</header>`;
}

const ends = (metrics: CheckPredicate['metrics']): string =>
  `${(metrics['auc_low'] ?? 0).toFixed(3)} to ${(metrics['auc_high'] ?? 1).toFixed(3)}`;

const card = (name: string, value: string, more: string): Markup =>
  html`<div class="card"><span>${name}</span><strong>${value}</strong><small>${more}</small></div>`;

function left(lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  const shown = lines.slice(0, 20).map((line) => html`<li>${shortened(line, 300)}</li>`);
  const more = lines.length > 20 ? html`<li>and ${numberText(lines.length - 20)} more</li>` : undefined;
  return html`<div class="alert"><strong>Not everything could be compared.</strong><ul>${shown}${more}</ul></div>`;
}

const hidden = (values: 'shown' | 'left-out'): Markup | undefined =>
  values === 'shown'
    ? undefined
    : html`<p class="alert">Values of rows are left out, and bars are numbered: the data are not for everybody’s eyes.</p>`;

/** What was found, the worst first. */
export function remarks({ findings }: CheckPredicate): Markup | undefined {
  if (findings.length === 0) return undefined;
  const lines = findings.slice(0, 40).map(({ message, severity }) => {
    const parts = message
      .split('`')
      .map((part, at) => (at % 2 === 1 ? html`<b><bdi>${part}</bdi></b>` : html`${part}`));
    return html`<li class="${severity}">${parts}</li>`;
  });
  const more =
    findings.length > 40 ? html`<p class="note">and ${numberText(findings.length - 40)} more</p>` : undefined;
  return html`<section id="found"><h2>What was found</h2><ul class="found">${lines}</ul>${more}</section>`;
}
