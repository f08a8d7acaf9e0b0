import { html, type Markup } from '../../profile/page/markup.ts';
import { numberText, shortened } from '../../profile/page/number-text.ts';
import type { CoverageReport, PageAbout } from './coverage-report.ts';
import { percentText } from './reference-section.ts';

/** Findings that are told in words. */
const mostRemarks = 30;

/** What was looked at, the verdict, and the numbers that matter. */
export function summary(report: CoverageReport, about: PageAbout, isShown: boolean): Markup {
  const { verdict, metrics } = report;
  const { rows = 0, covered, nearest_p50: nearest, usual_p50: usual } = metrics;
  const cards = [
    card('rows', numberText(rows)),
    ...counted(metrics),
    ...(covered === undefined ? [] : [card('least covered column', percentText(covered), 'of the reference’s values')]),
    ...(nearest === undefined || usual === undefined
      ? []
      : [card('distance', numberText(round(nearest)), `to the reference; ${numberText(round(usual))} is usual`)]),
  ];
  return html`<header><h1><bdi>${shortened(about.name, 120)}</bdi></h1><p><span class="verdict ${verdict}">${verdicts[verdict]}</span></p>${about.description === undefined ? undefined : html`<p>${shortened(about.description, 600)}</p>`}<div class="cards">${cards}</div>${left(report)}${isShown ? undefined : hidden}</header>`;
}

const verdicts: Readonly<Record<CoverageReport['verdict'], string>> = {
  pass: 'enough rows of everything',
  warn: 'enough rows, with something to look at',
  fail: 'too few rows',
  unknown: 'not known: something could not be looked at',
};

function counted({ slices = 0, ranges = 0, short = 0, least_rows: least }: CoverageReport['metrics']): Markup[] {
  if (slices + ranges === 0) return [];
  const what = [
    ...(slices === 0 ? [] : [`${numberText(slices)} ${slices === 1 ? 'slice' : 'slices'}`]),
    ...(ranges === 0 ? [] : [`${numberText(ranges)} ${ranges === 1 ? 'range' : 'ranges'}`]),
  ].join(' and ');
  return [
    card(`too few rows`, short === 0 ? 'none' : numberText(short), `of ${what}`),
    ...(least === undefined ? [] : [card('fewest rows', numberText(least))]),
  ];
}

const card = (name: string, value: string, more?: string): Markup =>
  html`<div class="card"><span>${name}</span><strong>${value}</strong>${more === undefined ? undefined : html`<small>${more}</small>`}</div>`;

function left({ coverage }: CoverageReport): Markup | undefined {
  const { left: lines, examined, total } = coverage;
  if (lines.length === 0 && examined >= total) return undefined;
  const rows = examined < total ? [`${numberText(examined)} of ${numberText(total)} rows were read`] : [];
  const all = [...rows, ...lines];
  const shown = all.slice(0, 20).map((line) => html`<li>${shortened(line, 300)}</li>`);
  const more = all.length > 20 ? html`<li>and ${numberText(all.length - 20)} more</li>` : undefined;
  return html`<div class="alert"><strong>Not everything could be looked at.</strong><ul>${shown}${more}</ul></div>`;
}

const hidden = html`<p class="alert">Values of rows are left out, and are numbered in pictures: the data are not for everybody’s eyes.</p>`;

/** Findings in words, what is too little first. */
export function remarks({ findings }: CoverageReport): Markup | undefined {
  if (findings.length === 0) return undefined;
  const lines = findings
    .slice(0, 40)
    .map(({ message, severity }) => html`<li class="${severity}">${shortened(message.replaceAll('`', ''), 600)}</li>`);
  const more =
    findings.length > mostRemarks
      ? html`<p class="note">and ${numberText(findings.length - mostRemarks)} more in the report</p>`
      : undefined;
  return html`<section id="remarks"><h2>In words</h2><ul class="remarks one">${lines}</ul>${more}</section>`;
}

/** Where it comes from, for whoever wants to check it. */
export function origin({ check, inputs = {} }: CoverageReport, about: PageAbout): Markup {
  const digests = (given: Readonly<Record<string, string>> = {}): string =>
    Object.entries(given)
      .map(([algorithm, hex]) => `${algorithm}:${hex}`)
      .join(' ');
  const rows: (readonly [string, string | undefined])[] = [
    ['digest', digests(about.digest)],
    ...Object.entries(inputs).map(([option, { name, digest }]) => [option, `${name} ${digests(digest)}`] as const),
    ['classification', about.classification],
    ['asked for', JSON.stringify(check.options)],
    ['made by', `${check.name} ${check.version}`],
  ];
  const lines = rows.flatMap(([name, value = '']) =>
    value === '' ? [] : [html`<tr><th scope="row">${name}</th><td><code>${shortened(value, 1500)}</code></td></tr>`],
  );
  return html`<section id="origin"><h2>Which data these are</h2><table class="plain origin"><tbody>${lines}</tbody></table></section>`;
}

const round = (value: number): number => Number(value.toPrecision(3));
