import type { Figure } from '@holdfast/evidence/check';
import { html, type Markup } from '../../profile/page/markup.ts';
import { shareText, shortened } from '../../profile/page/number-text.ts';

const [width, height] = [640, 90];

/** Bars of suspect rows along the table, or of each source; nothing of another figure. */
export function barsOf({ title, specification }: Figure): Markup | undefined {
  const { data } = specification as { readonly data?: { readonly values?: unknown } };
  const values: readonly unknown[] = Array.isArray(data?.values) ? data.values : [];
  const along = values.filter(isAlong);
  if (along.length > 0) return html`<section><h2>${shortened(title, 100)}</h2>${alongPicture(along)}</section>`;
  const sources = values.filter(isSource);
  if (sources.length === 0) return undefined;
  const rows = sources.map(
    ({ source, share }) =>
      html`<tr><td>${shortened(source, 60)}</td><td class="bar"><b style="width:${(100 * share).toFixed(1)}%"></b></td><td class="number">${shareText(share, 1)}</td></tr>`,
  );
  return html`<section><h2>${shortened(title, 100)}</h2><table class="top wide"><tbody>${rows}</tbody></table></section>`;
}

interface Along {
  readonly from: number;
  readonly suspects: number;
}

interface Source {
  readonly source: string;
  readonly share: number;
}

const isAlong = (value: unknown): value is Along =>
  typeof (value as Along).from === 'number' && typeof (value as Along).suspects === 'number';

const isSource = (value: unknown): value is Source =>
  typeof (value as Source).source === 'string' && typeof (value as Source).share === 'number';

function alongPicture(bars: readonly Along[]): Markup {
  const most = Math.max(1, ...bars.map(({ suspects }) => suspects));
  const step = width / bars.length;
  const drawn = bars.map(({ from, suspects }, at) => {
    const tall = (suspects / most) * (height - 4);
    return html`<rect x="${(at * step).toFixed(2)}" y="${(height - 1 - tall).toFixed(2)}" width="${Math.max(1, step - 1).toFixed(2)}" height="${tall.toFixed(2)}"><title>${suspects} from ${from} on</title></rect>`;
  });
  return html`<svg class="along" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="suspects in the order of the data, at most ${most} in a bar">${drawn}<path d="M0 ${height - 0.5}H${width}"/></svg><p class="note">From the first to the last; the highest bar is ${most}.</p>`;
}
