import type { CheckPredicate } from '@holdfast/evidence/predicates/check';
import type { ProfileAbout } from '../../profile/about.ts';
import { html, type Markup } from '../../profile/page/markup.ts';
import { shortened } from '../../profile/page/number-text.ts';

/** Which bytes were held against which, for whoever wants to check it. */
export function driftOrigin({ check, inputs = {} }: CheckPredicate, about: ProfileAbout): Markup {
  const { reference } = inputs;
  const options = Object.entries(check.options).filter(([name]) => name !== 'reference');
  const rows: (readonly [string, string | undefined])[] = [
    ...Object.entries(about.digest ?? {}).map(([algorithm, hex]) => [algorithm, hex] as const),
    ...Object.entries(reference?.digest ?? {}).map(([algorithm, hex]) => [`reference, ${algorithm}`, hex] as const),
    ['classification', about.classification],
    ['options', options.length === 0 ? undefined : JSON.stringify(Object.fromEntries(options))],
    ['made by', `${check.name} ${check.version}`],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [html`<tr><th scope="row">${shortened(name, 60)}</th><td><code>${shortened(value, 400)}</code></td></tr>`],
  );
  return html`<section id="origin"><h2>Which data these are</h2><table class="plain origin"><tbody>${lines}</tbody></table></section>`;
}
