import { writePng } from '@holdfast/dataset/write-png';
import type { Finding, Report } from '@holdfast/evidence/check';
import { choiceInWords } from '../attack-names.ts';
import { byClass } from '../by-class.ts';
import { curveOf } from '../curve.ts';
import { shardText } from '../shard.ts';
import { memberCounts, type TrialResult } from '../trial-result.ts';
import { curvePicture } from './curve-picture.ts';
import { type Example, examplesOf } from './examples.ts';
import { html, type Markup } from './markup.ts';
import { pageStyle } from './page-style.ts';
import { normNames, percent, short } from './wording.ts';

/** A page about a trial that needs nothing else: no script, no font and no picture from elsewhere. */
export function robustnessPage(name: string, result: TrialResult, report: Report): string {
  const { ball } = result.options;
  const about = `${normNames[ball.norm]} ε = ${short(ball.epsilon)}, ${choiceInWords(result.options)}, ${result.rows.length} of ${result.asked} rows`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Robustness of ${name}</title>
<style>${{ markup: pageStyle }}</style>
</head>
<body><main>
<h1>Robustness of ${name}</h1>
<p class="soft">${about}</p>
${verdict(report)}
${numbers(report)}
<div class="two">
<section class="card"><h2>Accuracy against the size of the change</h2>${curve(result)}</section>
<section class="card"><h2>Attacks</h2>${attacks(result)}</section>
</div>
<div class="two">
<section class="card"><h2>What was found</h2>${findings(report)}</section>
<section class="card"><h2>Classes, the least robust first</h2>${classes(result)}</section>
</div>
${examples(result)}
<section class="card"><h2>To have the same bits again</h2>${origin(result)}</section>
</main></body>
</html>
`;
  return page.markup;
}

const words = {
  pass: 'measured',
  warn: 'measured, and doubtful',
  fail: 'the model is broken',
  unknown: 'not finished: unknown',
} as const;

function verdict({ verdict: found, coverage }: Report): Markup {
  return html`<p class="verdict ${found}">${words[found]}</p>
${coverage.left.map((line) => html`<p class="soft">${line}</p>`)}`;
}

function numbers({ metrics }: Report): Markup {
  const share = (name: string, title: string): Markup => {
    const [value, low, high] = [name, `${name}_low`, `${name}_high`].map((each) => metrics[each]);
    if (value === undefined || low === undefined || high === undefined) return html``;
    return html`<div>${title}<b>${percent(value)}</b><span class="soft">${percent(low)} to ${percent(high)} with 95 % confidence</span></div>`;
  };
  const median = metrics['median_minimal_change'];
  const change =
    median === undefined
      ? html``
      : html`<div>median minimal change<b>${short(median)}</b><span class="soft">half of what is right breaks at this or less</span></div>`;
  return html`<section class="card numbers">${share('clean_accuracy', 'clean accuracy')}${share('robust_accuracy', 'robust accuracy')}${change}</section>`;
}

function curve(result: TrialResult): Markup {
  const { ball } = result.options;
  if (result.rows.length === 0) return html`<p class="soft">no row is finished</p>`;
  return html`${curvePicture(curveOf(result), ball.epsilon)}
<p class="soft">Rows for which no attack found a change of this length (${normNames[ball.norm]}), with 95 % confidence; dashed: ε.</p>`;
}

function attacks(result: TrialResult): Markup {
  const rows = memberCounts(result).map(
    ({ name, usesGradient, tried, broke }) =>
      html`<tr><td>${name}${usesGradient ? '' : ' (no gradient)'}</td><td>${tried}</td><td>${broke}</td></tr>`,
  );
  return html`<table><thead><tr><th>in this order</th><th>tried on</th><th>broke</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function findings(report: Report): Markup {
  const told = report.findings.filter(({ severity }) => severity !== 'info');
  if (told.length === 0) return html`<p class="soft">Nothing odd: gradients lead where they should.</p>`;
  return html`<ul>${told.map(finding)}</ul>`;
}

const finding = ({ severity, message, fix = '' }: Finding): Markup =>
  html`<li><span class="severity ${severity}">${severity}</span> ${message}<br><span class="soft">${fix}</span></li>`;

function classes({ rows, subject }: TrialResult): Markup {
  const bars = byClass(rows).map(({ label, rows: own, right, withstood, mistakenFor }) => {
    const taken = mistakenFor === undefined ? '' : ` → ${nameOf(mistakenFor, subject)}`;
    return html`<span class="name">${nameOf(label, subject)}<span class="soft">${taken}</span></span>
<span class="bar" title="${right} of ${own} right, ${withstood} withstood"><i style="width:${percentage(right / own)}"></i><i style="width:${percentage(withstood / own)}"></i></span>
<span>${percentage(withstood / own)}</span>`;
  });
  return html`<div class="bars">${bars}</div>
<p class="key soft"><span><i style="background:var(--main)"></i>robust</span><span><i style="background:var(--clean)"></i>right as it is</span><span>→ taken for most often</span></p>`;
}

const percentage = (share: number): string => `${Math.round(100 * share)}%`;

const nameOf = (label: number, { classNames }: TrialResult['subject']): string => classNames?.[label] ?? String(label);

function examples(result: TrialResult): Markup {
  const all = examplesOf(result);
  if (all.length === 0) return html``;
  const { subject, options } = result;
  const norm = normNames[options.ball.norm];
  const shown = all.map((example) => figure(example, subject, norm));
  return html`<section class="card"><h2>Changed samples</h2>
<p class="soft">The original with its class, the change (amplified), and what the model takes the changed sample for.</p>
<div class="sheet">${shown}</div></section>`;
}

function figure(example: Example, subject: TrialResult['subject'], norm: string): Markup {
  const { row, label, became, brokenBy, distance, times } = example;
  const sources = [example.original, example.change, example.changed].map(
    (image) => `data:image/png;base64,${Buffer.from(writePng(image)).toString('base64')}`,
  );
  const [from, to] = [nameOf(label, subject), became === -1 ? 'NaN' : nameOf(became, subject)];
  const told = `row ${row}: ${from} becomes ${to} by ${brokenBy}, ${norm} ${short(distance)}`;
  return html`<figure title="${told}"><div class="three">${sources.map(
    (source, place) => html`<img src="${source}" alt="${place === 0 ? told : ''}">`,
  )}</div><figcaption><span>${from}</span><span>×${Number(times.toPrecision(2))} →</span><span>${to}</span></figcaption></figure>`;
}

function origin({ options, subject, software, shard }: TrialResult): Markup {
  const { norm, epsilon } = options.ball;
  const { low, high } = options.bounds;
  const lines: [string, string][] = [
    ['model', subject.model],
    ['samples', `${options.data} (${subject.data})`],
    ['attack', `${norm} ${epsilon}, inputs from ${low} to ${high}, ${choiceInWords(options)}, rows ${options.rows}`],
    ['seed', options.seed],
    ...(options.normalise === undefined ? [] : [['normalise', JSON.stringify(options.normalise)] as [string, string]]),
    ...(shard === undefined ? [] : [['shard', shardText(shard)] as [string, string]]),
    ['versions', `trials ${software.trials}, ONNX Runtime ${software.onnxruntime}, Node ${software.node}`],
    ['machine', `${software.platform}, ${software.processor}, threads ${options.threads}`],
  ];
  return html`<dl>${lines.map(([title, text]) => html`<dt>${title}</dt><dd>${text}</dd>`)}</dl>`;
}
