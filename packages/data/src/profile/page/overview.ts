import type { ProfileAbout } from '../about.ts';
import { findings } from '../findings.ts';
import type { Profile } from '../profile-of.ts';
import { html, type Markup } from './markup.ts';
import { numberText, shareText, shortened } from './number-text.ts';

/** What the data set is, and its size at a glance. */
export function overview(profile: Profile, about: ProfileAbout): Markup {
  const { rows, columns, missing, duplicates } = profile;
  const cells = rows * columns.length;
  return html`<header><h1><bdi>${shortened(about.name, 120)}</bdi></h1>${about.description === undefined ? undefined : html`<p>${shortened(about.description, 600)}</p>`}<div class="cards">${card('rows', numberText(rows))}${card('columns', numberText(columns.length), types(profile))}${card('missing values', missing === 0 ? 'none' : shareText(missing, cells), missing === 0 ? undefined : `${numberText(missing)} of ${numberText(cells)}`)}${card('repeated rows', duplicates === undefined ? '?' : duplicates === 0 ? 'none' : numberText(duplicates), duplicates === undefined ? 'too many rows to remember' : duplicates === 0 ? undefined : shareText(duplicates, rows))}</div>${left(profile)}${hidden(profile)}</header>`;
}

const card = (name: string, value: string, more?: string): Markup =>
  html`<div class="card"><span>${name}</span><strong>${value}</strong>${more === undefined ? undefined : html`<small>${more}</small>`}</div>`;

function types({ columns }: Profile): string {
  const counts = new Map<string, number>();
  for (const { type } of columns) counts.set(type, (counts.get(type) ?? 0) + 1);
  const sorted = [...counts].sort(([, one], [, other]) => other - one);
  return sorted.map(([type, count]) => `${count} ${type}`).join(', ');
}

function left({ left: lines }: Profile): Markup | undefined {
  if (lines.length === 0) return undefined;
  const shown = lines.slice(0, 20).map((line) => html`<li>${shortened(line, 300)}</li>`);
  const more = lines.length > 20 ? html`<li>and ${numberText(lines.length - 20)} more</li>` : undefined;
  return html`<div class="alert"><strong>Not everything could be read.</strong><ul>${shown}${more}</ul></div>`;
}

const hidden = ({ values }: Profile): Markup | undefined =>
  values === 'shown'
    ? undefined
    : html`<p class="alert">Values of rows, ends of ranges and histograms are left out: the data are not for everybody’s eyes.</p>`;

/** What is worth a look, most important first. */
export function remarks(profile: Profile): Markup | undefined {
  const found = findings(profile, []);
  if (found.length === 0) return undefined;
  const places = new Map(profile.columns.map(({ name }, at) => [`column ${name}`, at]));
  const lines = found.slice(0, 40).map(({ where, message, severity }) => {
    const at = places.get(where ?? '');
    const name =
      at === undefined
        ? undefined
        : html`<a href="#c${at}"><bdi>${shortened(profile.columns[at]?.name ?? '', 60)}</bdi></a> `;
    return html`<li class="${severity}">${name}${message.replaceAll('`', '')}</li>`;
  });
  const more = found.length > 40 ? html`<p class="note">and ${numberText(found.length - 40)} more</p>` : undefined;
  return html`<section id="remarks"><h2>Worth a look</h2><ul class="remarks">${lines}</ul>${more}</section>`;
}

/** How much of each column is missing; nothing where nothing is. */
export function missingBars({ columns, rows }: Profile): Markup | undefined {
  const some = columns.map(({ name, missing }, at) => ({ name, missing, at })).filter(({ missing }) => missing > 0);
  if (some.length === 0) return undefined;
  const sorted = some.sort((one, other) => other.missing - one.missing);
  const bars = sorted
    .slice(0, 40)
    .map(
      ({ name, missing, at }) =>
        html`<tr><td><a href="#c${at}"><bdi>${shortened(name, 40)}</bdi></a></td><td class="bar gone"><b style="width:${((100 * missing) / rows).toFixed(1)}%"></b></td><td class="number">${numberText(missing)}</td><td class="number">${shareText(missing, rows)}</td></tr>`,
    );
  const none = columns.length - some.length;
  const rest = [
    ...(sorted.length > 40 ? [`${sorted.length - 40} more columns have some missing.`] : []),
    ...(none > 0 ? [`${numberText(none)} columns have every value.`] : []),
  ];
  return html`<section id="missing"><h2>Missing values</h2><table class="top wide"><tbody>${bars}</tbody></table><p class="note">${rest.join(' ')}</p></section>`;
}

/** Where a column stands on the page, by its name; folded, and found by the browser’s own search. */
export function columnIndex({ columns }: Profile): Markup {
  const sorted = columns
    .map(({ name, type }, at) => ({ name, type, at }))
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
  const links = sorted.map(
    ({ name, type, at }) =>
      html`<li><a href="#c${at}"><bdi>${name.trim() === '' ? 'no name' : shortened(name, 60)}</bdi></a> <small>${type}</small></li>`,
  );
  return html`<details class="index"><summary>Find a column</summary><ul>${links}</ul></details>`;
}

/** Where it comes from, for whoever wants to check it. */
export function origin(
  profile: Profile,
  { digest = {}, licence, source, consent, retention, classification }: ProfileAbout,
): Markup {
  const rows: (readonly [string, string | undefined])[] = [
    ...Object.entries(digest).map(([algorithm, hex]) => [algorithm, hex] as const),
    ['rows, Merkle root', profile.digest?.root],
    ['licence', licence],
    ['source', source],
    ['consent', consent],
    ['retention', retention],
    ['classification', classification],
    ['read with', Object.keys(profile.options).length === 0 ? undefined : JSON.stringify(profile.options)],
    ['made by', `${profile.check.name} ${profile.check.version}`],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [html`<tr><th scope="row">${name}</th><td><code>${shortened(value, 400)}</code></td></tr>`],
  );
  return html`<section id="origin"><h2>Which data these are</h2><table class="plain origin"><tbody>${lines}</tbody></table></section>`;
}
